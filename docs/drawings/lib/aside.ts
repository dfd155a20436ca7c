/**
 * Makes structures for pictures, without a trace in the accounts of whoever runs, and the same in every build.
 *
 * Who calls in: the drawings, docs/examples. Whom it calls: zmalloc for an account of its own, util for the seed, and a
 * server on a simulated machine where commands are to be run.
 */
import { srandom } from '../../../object/util.ts';
import { Ledger, ledger, useLedger } from '../../../object/zmalloc.ts';
import { posix, usePosix } from '../../../posix/posix.ts';
import { Keyspace } from '../../../test/server/keyspace.ts';

/** Runs `work` with an account and an arena of its own, and with random numbers that begin at `seed`. */
export function aside<T>(seed: number, work: () => T): T {
  const theirs = useLedger(new Ledger());
  try {
    srandom(seed);
    return work();
  } finally {
    useLedger(theirs);
  }
}

/** Runs `work` on a server of its own, which lives on a simulated machine and has no clients. */
export function served<T>(work: (ks: Keyspace) => T): T {
  const theirs = ledger;
  const system = posix;
  try {
    return work(new Keyspace());
  } finally {
    usePosix(system);
    useLedger(theirs);
  }
}
