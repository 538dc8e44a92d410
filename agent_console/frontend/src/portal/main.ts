/** Entry of /portal/. */
export {}
