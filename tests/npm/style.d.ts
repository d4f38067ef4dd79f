// A style sheet: it is imported for its effect alone.
export {};
