// Weights, in an import: what a bundler makes of a file that it copies is its address.
declare const address: string;
export default address;
