// @ts-check

/** @param {string} message @returns {never} */
export function fail(message) {
  console.error(`error: ${message}`);
  process.exit(1);
}
