/**
 * tls.c: encrypted connections, which this program is built without, as C is by default.
 *
 * C compiles the file to a few functions then, which say that there is nothing. This one is asked in every turn of the loop: a TLS
 * library may hold bytes that it has decrypted already, which poll(2) does not see, so that the loop must not sleep.
 *
 * Who calls in: beforeSleep. Whom it calls: nobody.
 *
 * @packageDocumentation
 */

/**
 * Whether a TLS connection holds bytes that were read from its socket but not by us. Never so.
 *
 * @c tls.c:1103
 */
export function tlsHasPendingData(): boolean {
  return false;
}
