// @ts-check
// <activation-maximization>, at the address that others import it from.

export * from './src/figure/activation-maximization.ts';
