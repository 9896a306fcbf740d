// Small behaviours that plain HTML does not have.
