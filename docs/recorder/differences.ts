/**
 * Where our stacks and call trees are not those of the C server, and why. The tests hold these lists: what stands here and
 * agrees after all makes them fail, as does a difference that does not stand here.
 *
 * Who calls in: the tests of the agreement, the site. Whom it calls: nobody.
 */

/** Stacks that differ: ids of test/facts/backtraces.json, by the reason. */
export const stackDifferences: { why: string; ids: string[] }[] = [
  {
    why: 'Keys, names and texts are JavaScript strings: nothing is called to copy, cut or measure them.',
    ids: [
      'net:set/sdsnewlen',
      'cov:startup/_sdsnewlen',
      'cov:startup/sdsHdrSize',
      'cov:startup/sdsReqType',
      'cov:startup/sdscatlen',
      'cov:startup/sdsdup',
      'cov:startup/sdsempty',
      'cov:startup/sdsnew',
      'cov:startup/sdstolower',
      'cov:cmd:CLIENT|LIST/sdsclear',
    ],
  },
  {
    why: 'A number becomes a string as JavaScript does it.',
    ids: ['net:get-encoded/ll2string', 'cov:startup/ull2string'],
  },
  {
    why: 'Arrays of the runtime stand where C allocates a table by hand.',
    ids: ['cov:startup/zfree', 'cov:startup/zrealloc', 'startup:aof/createStringObject'],
  },
  {
    why: 'A table keeps the hash of each key, so that keys are compared when their hashes are equal; and the hash is half SipHash.',
    ids: ['cov:startup/dictSdsKeyCaseCompare', 'cov:startup/siphash_nocase'],
  },
  {
    why: 'Random bytes come from the kernel each time; C draws them from a seed by SHA-256.',
    ids: ['cov:startup/sha256_final', 'cov:startup/sha256_transform', 'cov:startup/sha256_update'],
  },
  {
    why: 'There are no users besides the default one, and no lists of them.',
    ids: ['startup:rdb/listCreate', 'cov:startup/listAddNodeHead'],
  },
  {
    why: 'The descriptor is made with the flag that C sets afterwards.',
    ids: ['cov:startup/anetCloexec'],
  },
];

/**
 * Functions that are left out of the comparison of call trees with all that they call, by the reason. Names, or the beginning of
 * names with a `*` behind.
 */
export const leftOutOfTrees: { why: string; names: string[] }[] = [
  {
    why: 'Strings are JavaScript strings, and only growable buffers are sds: where C makes and measures an sds there is often no call.',
    names: ['sds*', '_sds*', 'll2string', 'string2ll', 'ull2string', 'digits10', 'sdigits10'],
  },
  {
    why: 'Memory is accounted for where C allocates, but not by a call for each.',
    names: ['zmalloc*', 'zcalloc*', 'zrealloc*', 'zfree*', 'ztry*'],
  },
  {
    why: 'C computes the clock by a macro that is a function in some builds.',
    names: ['LRU_CLOCK'],
  },
  {
    why: 'The hash is half SipHash on 32-bit words, and a key that is the same string needs no comparison, so these are called more or less often.',
    names: ['siphash*', 'siptlw', 'dictSdsKeyCompare', 'dictSdsKeyCaseCompare'],
  },
  {
    why: 'Users with limited rights, and the tracking of keys, do not exist here; lists and trees are walked within them.',
    names: [
      'ACLCheckAllPerm',
      'ACLUserCheckCmdWithUnrestrictedKeyAccess',
      'trackingInvalidateKey',
      'trackingInvalidateKeysOnFlush',
    ],
  },
];

/** Entries of call trees that only one side has: the function and who calls it, by the reason. */
export const treeDifferences: { why: string; side: 'C' | '+'; calls: string[] }[] = [
  {
    why: 'The hash of the last key is kept, and that of each key in its entry.',
    side: 'C',
    calls: [
      'dictGenHashFunction < dictSdsHash',
      'dictSdsCaseHash < dictRehash',
      'dictGenCaseHashFunction < dictSdsCaseHash',
    ],
  },
  {
    why: 'An integer below 128, which is a byte of a listpack, is read there, and replaced by another one, directly.',
    side: 'C',
    calls: [
      'lpGet < lpGetIntegerIfValid',
      'lpGetWithSize < lpGet',
      'lpCurrentEncodedSizeUnsafe < lpInsert',
      'lpEncodeBacklen < lpInsert',
    ],
  },
  {
    why: 'There are no modules to be listed.',
    side: 'C',
    calls: [
      'dictGetIterator < helloCommand',
      'dictNext < helloCommand',
      'dictReleaseIterator < helloCommand',
      'dictFingerprint < dictNext',
      'dictFingerprint < dictReleaseIterator',
    ],
  },
  {
    why: 'The C server had seen an error before, whose name shares its first letters: the tree of errors branches there.',
    side: 'C',
    calls: [
      'raxAddChild < raxGenericInsert',
      'raxNewNode < raxAddChild',
      'raxNewNode < raxGenericInsert',
    ],
  },
  {
    why: 'These begin with a loop, and the breakpoint of gdb at their beginning lies within it: it counted the rounds.',
    side: 'C',
    calls: ['dictNext < unblockClientWaitingData', 'streamIteratorGetID < streamReplyWithRange'],
  },
];
