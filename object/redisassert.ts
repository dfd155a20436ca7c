/**
 * redisassert.h: assert() for the structures that know nothing of a server.
 *
 *     assert(p !== 0, 'p')  ─► nothing, or an Error is thrown: === ASSERTION FAILED === ... 'p' is not true
 *
 * Such a condition fails only when bytes are corrupt or a caller broke the contract. There is no way to go on from
 * there: nothing between here and the top of the program catches the error.
 *
 * Who calls in: listpack, ziplist, zipmap, quicklist and other structures of raw bytes. Whom it calls: nobody.
 * What differs from C: the macro calls the _serverAssert() of the program that it is linked into, which reports and raises a
 * signal. Here an error is thrown, which whoever runs the program reports, and which a test can expect.
 *
 * @packageDocumentation
 */

/**
 * Throws an Error when `cond` does not hold; `estr` is the condition as it reads in the source.
 *
 * @own macro assert of redisassert.h
 */
export function assert(cond: boolean, estr: string): asserts cond {
  if (!cond) throw new Error(`=== ASSERTION FAILED === '${estr}' is not true`);
}
