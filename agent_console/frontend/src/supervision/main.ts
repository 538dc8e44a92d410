/** Entry of /supervision/. */
export {}
