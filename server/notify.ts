/**
 * notify.c: keyspace events, told to who subscribed to their channels.
 *
 *     SET foo bar in database 0, with notify-keyspace-events KEA
 *
 *         PUBLISH __keyspace@0__:foo set         K: a channel a key, the message is the event
 *         PUBLISH __keyevent@0__:set foo         E: a channel an event, the message is the key
 *
 * The setting is a word of letters, one a class of events, kept as NOTIFY_* bits in server.notify_keyspace_events.
 *
 * Who calls in: every command that changes a key, expiry, eviction, and config for the setting. Whom it calls: pubsub.
 * What differs from C: there are no modules that would be told first.
 *
 * @packageDocumentation
 */
import { createObject, createStringObject, decrRefCount, objPtrString } from '../object/object.ts';
import { ll2string } from '../object/util.ts';
import { pubsubPublishMessage } from './pubsub.ts';
import {
  NOTIFY_ALL,
  NOTIFY_EVICTED,
  NOTIFY_EXPIRED,
  NOTIFY_GENERIC,
  NOTIFY_HASH,
  NOTIFY_KEYEVENT,
  NOTIFY_KEYSPACE,
  NOTIFY_KEY_MISS,
  NOTIFY_LIST,
  NOTIFY_MODULE,
  NOTIFY_NEW,
  NOTIFY_SET,
  NOTIFY_STREAM,
  NOTIFY_STRING,
  NOTIFY_ZSET,
  OBJ_STRING,
  server,
  type robj,
} from './server.h.ts';

/**
 * The NOTIFY_* bits for the letters of the setting; -1 if one of them means nothing.
 *
 * @c notify.c:40
 */
export function keyspaceEventsStringToFlags(classes: string): number {
  let flags = 0;

  for (let p = 0; p < classes.length; p++) {
    switch (classes[p]) {
      case 'A':
        flags |= NOTIFY_ALL;
        break;
      case 'g':
        flags |= NOTIFY_GENERIC;
        break;
      case '$':
        flags |= NOTIFY_STRING;
        break;
      case 'l':
        flags |= NOTIFY_LIST;
        break;
      case 's':
        flags |= NOTIFY_SET;
        break;
      case 'h':
        flags |= NOTIFY_HASH;
        break;
      case 'z':
        flags |= NOTIFY_ZSET;
        break;
      case 'x':
        flags |= NOTIFY_EXPIRED;
        break;
      case 'e':
        flags |= NOTIFY_EVICTED;
        break;
      case 'K':
        flags |= NOTIFY_KEYSPACE;
        break;
      case 'E':
        flags |= NOTIFY_KEYEVENT;
        break;
      case 't':
        flags |= NOTIFY_STREAM;
        break;
      case 'm':
        flags |= NOTIFY_KEY_MISS;
        break;
      case 'd':
        flags |= NOTIFY_MODULE;
        break;
      case 'n':
        flags |= NOTIFY_NEW;
        break;
      default:
        return -1;
    }
  }
  return flags;
}

/**
 * The letters for NOTIFY_* bits, in the order in which CONFIG GET shows them. With A, which stands for all the others of
 * its group, the n class is left out as in C, although A does not contain it.
 *
 * @c notify.c:71
 */
export function keyspaceEventsFlagsToString(flags: number): string {
  let res = '';

  if ((flags & NOTIFY_ALL) === NOTIFY_ALL) {
    res += 'A';
  } else {
    if (flags & NOTIFY_GENERIC) res += 'g';
    if (flags & NOTIFY_STRING) res += '$';
    if (flags & NOTIFY_LIST) res += 'l';
    if (flags & NOTIFY_SET) res += 's';
    if (flags & NOTIFY_HASH) res += 'h';
    if (flags & NOTIFY_ZSET) res += 'z';
    if (flags & NOTIFY_EXPIRED) res += 'x';
    if (flags & NOTIFY_EVICTED) res += 'e';
    if (flags & NOTIFY_STREAM) res += 't';
    if (flags & NOTIFY_MODULE) res += 'd';
    if (flags & NOTIFY_NEW) res += 'n';
  }
  if (flags & NOTIFY_KEYSPACE) res += 'K';
  if (flags & NOTIFY_KEYEVENT) res += 'E';
  if (flags & NOTIFY_KEY_MISS) res += 'm';
  return res;
}

/**
 * Publishes that `event` happened to `key` of database `dbid`, if the setting asks for its class `type` (a NOTIFY_* bit).
 *
 * @c notify.c:104
 */
export function notifyKeyspaceEvent(type: number, event: string, key: robj, dbid: number): void {
  // Nearly always nobody has asked.
  if (!(server.notify_keyspace_events & type)) return;

  const eventobj = createStringObject(event);

  // __keyspace@<db>__:<key> <event>
  if (server.notify_keyspace_events & NOTIFY_KEYSPACE) {
    const chan = `__keyspace@${ll2string(dbid)}__:${objPtrString(key)}`;
    const chanobj = createObject(OBJ_STRING, chan);
    pubsubPublishMessage(chanobj, eventobj, false);
    decrRefCount(chanobj);
  }

  // __keyevent@<db>__:<event> <key>
  if (server.notify_keyspace_events & NOTIFY_KEYEVENT) {
    const chan = `__keyevent@${ll2string(dbid)}__:${event}`;
    const chanobj = createObject(OBJ_STRING, chan);
    pubsubPublishMessage(chanobj, key, false);
    decrRefCount(chanobj);
  }
  decrRefCount(eventobj);
}
