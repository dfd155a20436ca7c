/**
 * acl.c: users and passwords, as far as requirepass and AUTH need them.
 *
 *     server.Users ─► 'default' ─► user {flags, passwords: [sha256 in hex, ...]}
 *
 * There is one user, `default`, who may run every command on every key and channel. requirepass gives it a password; a connection then has
 * to AUTH before anything else, which processCommand checks. Categories are those of the command table: COMMAND LIST and COMMAND INFO
 * show them.
 */
import { listAddNodeTail, listEmpty, listIter, listNext, listRewind } from '../object/adlist.ts';
import { objPtrString } from '../object/object.ts';
import { raxFind, raxInsert, raxNew, raxNotFound } from '../object/rax.ts';
import { SHA256_CTX, sha256_final, sha256_init, sha256_update } from '../object/sha256.ts';
import { strcasecmp } from '../object/util.ts';
import { EINVAL, ENOENT, posix } from '../posix/posix.ts';
import {
  addReply,
  addReplyDeferredLen,
  addReplyError,
  addReplyErrorObject,
  addReplyStatusFormat,
  redactClientCommandArgument,
  setDeferredSetLen,
} from '../networking/networking.ts';
import {
  ACL_CATEGORY_ADMIN,
  ACL_CATEGORY_BITMAP,
  ACL_CATEGORY_BLOCKING,
  ACL_CATEGORY_CONNECTION,
  ACL_CATEGORY_DANGEROUS,
  ACL_CATEGORY_FAST,
  ACL_CATEGORY_GEO,
  ACL_CATEGORY_HASH,
  ACL_CATEGORY_HYPERLOGLOG,
  ACL_CATEGORY_KEYSPACE,
  ACL_CATEGORY_LIST,
  ACL_CATEGORY_PUBSUB,
  ACL_CATEGORY_READ,
  ACL_CATEGORY_SCRIPTING,
  ACL_CATEGORY_SET,
  ACL_CATEGORY_SLOW,
  ACL_CATEGORY_SORTEDSET,
  ACL_CATEGORY_STREAM,
  ACL_CATEGORY_STRING,
  ACL_CATEGORY_TRANSACTION,
  ACL_CATEGORY_WRITE,
  C_ERR,
  C_OK,
  server,
  shared,
  user,
  USER_COMMAND_BITS_COUNT,
  USER_FLAG_DISABLED,
  USER_FLAG_ENABLED,
  USER_FLAG_NOPASS,
  type client,
  type redisCommand,
  type robj,
} from './server.h.ts';

/** Length of a hashed password in hex digits. */
export const HASH_PASSWORD_LEN = 64;

/** The categories in the order in which replies list them. */
export const ACLCommandCategories: readonly { readonly name: string; readonly flag: number }[] = [
  { name: 'keyspace', flag: ACL_CATEGORY_KEYSPACE },
  { name: 'read', flag: ACL_CATEGORY_READ },
  { name: 'write', flag: ACL_CATEGORY_WRITE },
  { name: 'set', flag: ACL_CATEGORY_SET },
  { name: 'sortedset', flag: ACL_CATEGORY_SORTEDSET },
  { name: 'list', flag: ACL_CATEGORY_LIST },
  { name: 'hash', flag: ACL_CATEGORY_HASH },
  { name: 'string', flag: ACL_CATEGORY_STRING },
  { name: 'bitmap', flag: ACL_CATEGORY_BITMAP },
  { name: 'hyperloglog', flag: ACL_CATEGORY_HYPERLOGLOG },
  { name: 'geo', flag: ACL_CATEGORY_GEO },
  { name: 'stream', flag: ACL_CATEGORY_STREAM },
  { name: 'pubsub', flag: ACL_CATEGORY_PUBSUB },
  { name: 'admin', flag: ACL_CATEGORY_ADMIN },
  { name: 'fast', flag: ACL_CATEGORY_FAST },
  { name: 'slow', flag: ACL_CATEGORY_SLOW },
  { name: 'blocking', flag: ACL_CATEGORY_BLOCKING },
  { name: 'dangerous', flag: ACL_CATEGORY_DANGEROUS },
  { name: 'connection', flag: ACL_CATEGORY_CONNECTION },
  { name: 'transaction', flag: ACL_CATEGORY_TRANSACTION },
  { name: 'scripting', flag: ACL_CATEGORY_SCRIPTING },
];

/**
 * Compares two strings of the same length; 0 means equal. The time does not tell where they differ.
 * @c acl.c:158
 */
export function time_independent_strcmp(a: string, b: string, len: number): number {
  let diff = 0;
  for (let j = 0; j < len; j++) diff |= a.charCodeAt(j) ^ b.charCodeAt(j);
  return diff;
}

/**
 * The SHA-256 of a password (latin1) as 64 hex digits.
 * @c acl.c:168
 */
export function ACLHashPassword(cleartext: string): string {
  const ctx = new SHA256_CTX();
  sha256_init(ctx);
  sha256_update(ctx, Buffer.from(cleartext, 'latin1'));
  return Buffer.from(sha256_final(ctx)).toString('hex');
}

/**
 * The ACL_CATEGORY_* bit of a category in any case, 0 when there is none of that name.
 * @c acl.c:222
 */
export function ACLGetCommandCategoryFlagByName(name: string): number {
  for (const category of ACLCommandCategories) {
    if (!strcasecmp(name, category.name)) return category.flag;
  }
  return 0;
}

/**
 * Creates a user who may do nothing; null when the name is taken.
 * @c acl.c:382
 */
export function ACLCreateUser(name: string): user | null {
  if (raxFind(server.Users!, name) !== raxNotFound) return null;
  const u = new user();
  u.name = name;
  u.flags = USER_FLAG_DISABLED;
  raxInsert(server.Users!, name, u, null);
  return u;
}

/**
 * Applies one rule to a user: `on`, `off`, `nopass`, `resetpass` or `>password`. C_ERR with EINVAL for any other.
 * @c acl.c:1210
 */
export function ACLSetUser(u: user, op: string): number {
  if (!strcasecmp(op, 'on')) {
    u.flags |= USER_FLAG_ENABLED;
    u.flags &= ~USER_FLAG_DISABLED;
  } else if (!strcasecmp(op, 'off')) {
    u.flags |= USER_FLAG_DISABLED;
    u.flags &= ~USER_FLAG_ENABLED;
  } else if (!strcasecmp(op, 'nopass')) {
    u.flags |= USER_FLAG_NOPASS;
    listEmpty(u.passwords);
  } else if (!strcasecmp(op, 'resetpass')) {
    u.flags &= ~USER_FLAG_NOPASS;
    listEmpty(u.passwords);
  } else if (op.startsWith('>')) {
    listAddNodeTail(u.passwords, ACLHashPassword(op.slice(1)));
    u.flags &= ~USER_FLAG_NOPASS;
  } else {
    posix.errno = EINVAL;
    return C_ERR;
  }
  return C_OK;
}

/**
 * Creates the user that every connection starts as: enabled, without a password.
 * @c acl.c:1339
 */
export function ACLCreateDefaultUser(): user {
  const u = ACLCreateUser('default')!;
  ACLSetUser(u, 'on');
  ACLSetUser(u, 'nopass');
  return u;
}

/**
 * Sets up the users at server start.
 * @c acl.c:1350
 */
export function ACLInit(): void {
  server.Users = raxNew();
  server.DefaultUser = ACLCreateDefaultUser();
}

/**
 * Whether the password is the user's: C_OK, or C_ERR with ENOENT for an unknown user and EINVAL for a wrong password or a disabled user.
 * @c acl.c:1364
 */
export function ACLCheckUserCredentials(username: robj, password: robj): number {
  const u = ACLGetUserByName(objPtrString(username));
  if (u === null) {
    posix.errno = ENOENT;
    return C_ERR;
  }
  if (u.flags & USER_FLAG_DISABLED) {
    posix.errno = EINVAL;
    return C_ERR;
  }
  if (u.flags & USER_FLAG_NOPASS) return C_OK;

  const li = new listIter<string>();
  listRewind(u.passwords, li);
  const hashed = ACLHashPassword(objPtrString(password));
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    if (!time_independent_strcmp(hashed, ln.value, HASH_PASSWORD_LEN)) return C_OK;
  }
  posix.errno = EINVAL;
  return C_ERR;
}

/**
 * Logs the connection in as a user. C_ERR leaves it as it was.
 * @c acl.c:1406
 */
export function ACLAuthenticateUser(c: client, username: robj, password: robj): number {
  if (ACLCheckUserCredentials(username, password) !== C_OK) return C_ERR;
  c.authenticated = 1;
  c.user = ACLGetUserByName(objPtrString(username));
  return C_OK;
}

/**
 * The number of a command, the same for each name for the life of the server: ACL rules refer to commands by it.
 * @c acl.c:1427
 */
export function ACLGetCommandID(cmdname: string): number {
  const lowername = cmdname.toLowerCase();
  server.commandId ??= raxNew();
  const id = raxFind(server.commandId, lowername);
  if (id !== raxNotFound) return id as number;
  const thisid = server.nextid++;
  raxInsert(server.commandId, lowername, thisid, null);
  // The last bit of a user's bitmap stands for all commands to come and belongs to none.
  if (server.nextid === USER_COMMAND_BITS_COUNT - 1) server.nextid++;
  return thisid;
}

/**
 * The user of that name, or null with ENOENT.
 * @c acl.c:1462
 */
export function ACLGetUserByName(name: string): user | null {
  const u = raxFind(server.Users!, name);
  if (u === raxNotFound) {
    posix.errno = ENOENT;
    return null;
  }
  return u as user;
}

/**
 * Answers with the categories of a command, as `@name` each.
 * @c acl.c:2920
 */
export function addReplyCommandCategories(c: client, cmd: redisCommand): void {
  let flagcount = 0;
  const flaglen = addReplyDeferredLen(c);
  for (const { name, flag } of ACLCommandCategories) {
    if (cmd.acl_categories & flag) {
      addReplyStatusFormat(c, `@${name}`);
      flagcount++;
    }
  }
  setDeferredSetLen(c, flaglen, flagcount);
}

/**
 * AUTH [username] password. The arguments are redacted before anything can log them.
 * @c acl.c:2937
 */
export function authCommand(c: client): void {
  if (c.argc > 3) {
    addReplyErrorObject(c, shared.syntaxerr);
    return;
  }
  redactClientCommandArgument(c, 1);

  let username: robj;
  let password: robj;
  if (c.argc === 2) {
    // A password where none is configured is most likely a mistake in the configuration.
    if (server.DefaultUser!.flags & USER_FLAG_NOPASS) {
      addReplyError(
        c,
        'AUTH <password> called without any password ' +
          'configured for the default user. Are you sure ' +
          'your configuration is correct?',
      );
      return;
    }
    username = shared.default_username;
    password = c.argv[1];
  } else {
    username = c.argv[1];
    password = c.argv[2];
    redactClientCommandArgument(c, 2);
  }
  if (ACLAuthenticateUser(c, username, password) === C_OK) addReply(c, shared.ok);
  else addReplyError(c, '-WRONGPASS invalid username-password pair or user is disabled.');
}

/**
 * requirepass: the password of the default user; null takes it away.
 * @c acl.c:2976
 */
export function ACLUpdateDefaultUserPassword(password: string | null): void {
  ACLSetUser(server.DefaultUser!, 'resetpass');
  ACLSetUser(server.DefaultUser!, password ? `>${password}` : 'nopass');
}
