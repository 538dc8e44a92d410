"""The telephone exchange's side: sound of calls comes in, is recorded and handed on."""
