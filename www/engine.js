// @ts-check
// The JavaScript API, at the address that others import it from.

export * from './src/engine/engine.ts';
