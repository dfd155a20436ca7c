/**
 * Dictionaries for drawings and examples: the real ones of object/dict.ts, with a hash whose key is fixed, so that the same
 * names fall into the same buckets in every build.
 *
 * Who calls in: the drawings, docs/examples. Whom it calls: object/dict.ts, object/siphash.ts.
 */
import {
  dictAdd,
  dictCreate,
  dictFind,
  dictIsRehashing,
  type dict,
  type dictType,
} from '../../../object/dict.ts';
import { halfsiphash } from '../../../object/siphash.ts';

/** Nine names. The first eight fill a table of eight buckets, the ninth makes it grow. */
export const NAMES = ['tom', 'ann', 'eve', 'bob', 'kim', 'leo', 'mia', 'zoe', 'max'];

/** Strings to numbers; the hash is that of the server, with a key of its own. */
export const nameType: dictType<string, number> = {
  hashFunction: (key) => halfsiphash(key, 53, 0),
  keyDup: null,
  valDup: null,
  keyCompare: null,
  keyDestructor: null,
  valDestructor: null,
  expandAllowed: null,
  dictEntryMetadataBytes: null,
};

/** A dictionary with the first eight names, in eight buckets, at rest. */
export function eightNames(): dict<string, number> {
  const d = dictCreate(nameType);
  for (let i = 0; i < 8; i++) dictAdd(d, NAMES[i], i);
  // From four buckets to eight it has grown on the way: look-ups bring that to its end.
  while (dictIsRehashing(d)) dictFind(d, NAMES[0]);
  return d;
}
