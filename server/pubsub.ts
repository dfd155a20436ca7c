/**
 * pubsub.c: channels, patterns and shard channels, and the messages that go through them.
 *
 *     server.pubsub_channels       channel ─► clients         client.pubsub_channels       the same, from the client's side
 *     server.pubsub_patterns       pattern ─► clients         client.pubsub_patterns
 *     server.pubsubshard_channels  channel ─► clients         client.pubsubshard_channels
 *
 * Global and shard channels differ only in their tables and in the words of their messages, which a `pubsubtype` holds. In RESP2 a
 * message is an array, in RESP3 a push. Called by the commands, by notify.c for keyspace events, and by networking.c when a client goes.
 */
import {
  listAddNodeTail,
  listCreate,
  listDelNode,
  listIter,
  listLength,
  listNext,
  listRewind,
  listSearchKey,
} from '../object/adlist.ts';
import {
  dictAdd,
  dictDelete,
  dictFetchValue,
  dictFind,
  dictGetIterator,
  dictGetKey,
  dictGetSafeIterator,
  dictGetVal,
  dictNext,
  dictReleaseIterator,
  dictSize,
  dictSlots,
  DICT_OK,
  type dict,
} from '../object/dict.ts';
import { decrRefCount, getDecodedObject, incrRefCount, objPtrString } from '../object/object.ts';
import { strcasecmp, stringmatchlen } from '../object/util.ts';
import {
  addReply,
  addReplyArrayLen,
  addReplyBulk,
  addReplyDeferredLen,
  addReplyError,
  addReplyHelp,
  addReplyLongLong,
  addReplyNull,
  addReplyPushLen,
  addReplySubcommandSyntaxError,
  setDeferredArrayLen,
} from '../networking/networking.ts';
import { serverAssertWithInfo } from './debug.ts';
import { forceCommandPropagation, updateClientMemUsage } from './server.ts';
import {
  CLIENT_DENY_BLOCKING,
  CLIENT_MULTI,
  CLIENT_PUBSUB,
  PROPAGATE_REPL,
  server,
  shared,
  type client,
  type robj,
} from './server.h.ts';
import type { list } from '../object/adlist.ts';

/** Bytes of C's structs, for the memory figures. */
const SIZEOF_LISTNODE = 24;
const SIZEOF_DICTENTRY = 24;
const SIZEOF_POINTER = 8;

/** What tells global channels from shard channels: the tables, and the first word of each message. */
export interface pubsubtype {
  readonly shard: boolean;
  readonly clientPubSubChannels: (c: client) => dict<robj, null>;
  readonly subscriptionCount: (c: client) => number;
  readonly serverPubSubChannels: () => dict<robj, list<client>>;
  readonly subscribeMsg: () => robj;
  readonly unsubscribeMsg: () => robj;
  readonly messageBulk: () => robj;
}

/** Global channels. */
export const pubSubType: pubsubtype = {
  shard: false,
  clientPubSubChannels: getClientPubSubChannels,
  subscriptionCount: clientSubscriptionsCount,
  serverPubSubChannels: () => server.pubsub_channels,
  subscribeMsg: () => shared.subscribebulk,
  unsubscribeMsg: () => shared.unsubscribebulk,
  messageBulk: () => shared.messagebulk,
};

/** Shard channels. */
export const pubSubShardType: pubsubtype = {
  shard: true,
  clientPubSubChannels: getClientPubSubShardChannels,
  subscriptionCount: clientShardSubscriptionsCount,
  serverPubSubChannels: () => server.pubsubshard_channels,
  subscribeMsg: () => shared.ssubscribebulk,
  unsubscribeMsg: () => shared.sunsubscribebulk,
  messageBulk: () => shared.smessagebulk,
};

/**
 * Sends a message of a channel; without `msg` the third element is left to the caller.
 * @c pubsub.c:107
 */
export function addReplyPubsubMessage(
  c: client,
  channel: robj,
  msg: robj | null,
  message_bulk: robj,
): void {
  if (c.resp === 2) addReply(c, shared.mbulkhdr[3]);
  else addReplyPushLen(c, 3);
  addReply(c, message_bulk);
  addReplyBulk(c, channel);
  if (msg) addReplyBulk(c, msg);
}

/**
 * Sends a message that reached the client by a pattern.
 * @c pubsub.c:120
 */
export function addReplyPubsubPatMessage(c: client, pat: robj, channel: robj, msg: robj): void {
  if (c.resp === 2) addReply(c, shared.mbulkhdr[4]);
  else addReplyPushLen(c, 4);
  addReply(c, shared.pmessagebulk);
  addReplyBulk(c, pat);
  addReplyBulk(c, channel);
  addReplyBulk(c, msg);
}

/**
 * Confirms a subscription, with the client's count of them.
 * @c pubsub.c:132
 */
export function addReplyPubsubSubscribed(c: client, channel: robj, type: pubsubtype): void {
  if (c.resp === 2) addReply(c, shared.mbulkhdr[3]);
  else addReplyPushLen(c, 3);
  addReply(c, type.subscribeMsg());
  addReplyBulk(c, channel);
  addReplyLongLong(c, type.subscriptionCount(c));
}

/**
 * Confirms the end of a subscription. null is the channel of a client that had none and unsubscribes from all.
 * @c pubsub.c:146
 */
export function addReplyPubsubUnsubscribed(
  c: client,
  channel: robj | null,
  type: pubsubtype,
): void {
  if (c.resp === 2) addReply(c, shared.mbulkhdr[3]);
  else addReplyPushLen(c, 3);
  addReply(c, type.unsubscribeMsg());
  if (channel) addReplyBulk(c, channel);
  else addReplyNull(c);
  addReplyLongLong(c, type.subscriptionCount(c));
}

/**
 * Confirms a subscription to a pattern.
 * @c pubsub.c:160
 */
export function addReplyPubsubPatSubscribed(c: client, pattern: robj): void {
  if (c.resp === 2) addReply(c, shared.mbulkhdr[3]);
  else addReplyPushLen(c, 3);
  addReply(c, shared.psubscribebulk);
  addReplyBulk(c, pattern);
  addReplyLongLong(c, clientSubscriptionsCount(c));
}

/**
 * Confirms the end of a subscription to a pattern; null as for channels.
 * @c pubsub.c:174
 */
export function addReplyPubsubPatUnsubscribed(c: client, pattern: robj | null): void {
  if (c.resp === 2) addReply(c, shared.mbulkhdr[3]);
  else addReplyPushLen(c, 3);
  addReply(c, shared.punsubscribebulk);
  if (pattern) addReplyBulk(c, pattern);
  else addReplyNull(c);
  addReplyLongLong(c, clientSubscriptionsCount(c));
}

/**
 * Number of channels and patterns that have a subscriber.
 * @c pubsub.c:192
 */
export function serverPubsubSubscriptionCount(): number {
  return dictSize(server.pubsub_channels) + dictSize(server.pubsub_patterns);
}

/**
 * Number of shard channels that have a subscriber.
 * @c pubsub.c:197
 */
export function serverPubsubShardSubscriptionCount(): number {
  return dictSize(server.pubsubshard_channels);
}

/**
 * Number of channels and patterns that the client is subscribed to.
 * @c pubsub.c:203
 */
export function clientSubscriptionsCount(c: client): number {
  return dictSize(c.pubsub_channels) + listLength(c.pubsub_patterns);
}

/**
 * Number of shard channels that the client is subscribed to.
 * @c pubsub.c:208
 */
export function clientShardSubscriptionsCount(c: client): number {
  return dictSize(c.pubsubshard_channels);
}

/**
 * The client's channels.
 * @c pubsub.c:212
 */
export function getClientPubSubChannels(c: client): dict<robj, null> {
  return c.pubsub_channels;
}

/**
 * The client's shard channels.
 * @c pubsub.c:216
 */
export function getClientPubSubShardChannels(c: client): dict<robj, null> {
  return c.pubsubshard_channels;
}

/**
 * Number of subscriptions of any kind; at zero the client leaves pub/sub mode.
 * @c pubsub.c:222
 */
export function clientTotalPubSubSubscriptionCount(c: client): number {
  return clientSubscriptionsCount(c) + clientShardSubscriptionsCount(c);
}

/**
 * Subscribes the client to a channel and confirms it. Returns 1, or 0 when it was subscribed already.
 * @c pubsub.c:228
 */
export function pubsubSubscribeChannel(c: client, channel: robj, type: pubsubtype): number {
  let retval = 0;
  if (dictAdd(type.clientPubSubChannels(c), channel, null) === DICT_OK) {
    retval = 1;
    incrRefCount(channel);
    const de = dictFind(type.serverPubSubChannels(), channel);
    let clients: list<client>;
    if (de === null) {
      clients = listCreate();
      dictAdd(type.serverPubSubChannels(), channel, clients);
      incrRefCount(channel);
    } else {
      clients = dictGetVal(de);
    }
    listAddNodeTail(clients, c);
  }
  addReplyPubsubSubscribed(c, channel, type);
  return retval;
}

/**
 * Ends a subscription, confirming it when `notify`. Returns 1, or 0 when there was none.
 * @c pubsub.c:255
 */
export function pubsubUnsubscribeChannel(
  c: client,
  channel: robj,
  notify: boolean,
  type: pubsubtype,
): number {
  let retval = 0;
  // The channel may be the very object that the tables are about to give up.
  incrRefCount(channel);
  if (dictDelete(type.clientPubSubChannels(c), channel) === DICT_OK) {
    retval = 1;
    const de = dictFind(type.serverPubSubChannels(), channel);
    serverAssertWithInfo(c, null, de !== null, 'de != NULL');
    const clients = dictGetVal(de!);
    const ln = listSearchKey(clients, c);
    serverAssertWithInfo(c, null, ln !== null, 'ln != NULL');
    listDelNode(clients, ln!);
    if (listLength(clients) === 0) dictDelete(type.serverPubSubChannels(), channel);
  }
  if (notify) addReplyPubsubUnsubscribed(c, channel, type);
  decrRefCount(channel);
  return retval;
}

/**
 * Subscribes the client to a pattern and confirms it. Returns 1, or 0 when it was subscribed already.
 * @c pubsub.c:325
 */
export function pubsubSubscribePattern(c: client, pattern: robj): number {
  let retval = 0;
  if (listSearchKey(c.pubsub_patterns, pattern) === null) {
    retval = 1;
    listAddNodeTail(c.pubsub_patterns, pattern);
    incrRefCount(pattern);
    const de = dictFind(server.pubsub_patterns, pattern);
    let clients: list<client>;
    if (de === null) {
      clients = listCreate();
      dictAdd(server.pubsub_patterns, pattern, clients);
      incrRefCount(pattern);
    } else {
      clients = dictGetVal(de);
    }
    listAddNodeTail(clients, c);
  }
  addReplyPubsubPatSubscribed(c, pattern);
  return retval;
}

/**
 * Ends a subscription to a pattern, confirming it when `notify`. Returns 1, or 0 when there was none.
 * @c pubsub.c:352
 */
export function pubsubUnsubscribePattern(c: client, pattern: robj, notify: boolean): number {
  let retval = 0;
  incrRefCount(pattern);
  const own = listSearchKey(c.pubsub_patterns, pattern);
  if (own !== null) {
    retval = 1;
    listDelNode(c.pubsub_patterns, own);
    const de = dictFind(server.pubsub_patterns, pattern);
    serverAssertWithInfo(c, null, de !== null, 'de != NULL');
    const clients = dictGetVal(de!);
    const ln = listSearchKey(clients, c);
    serverAssertWithInfo(c, null, ln !== null, 'ln != NULL');
    listDelNode(clients, ln!);
    if (listLength(clients) === 0) dictDelete(server.pubsub_patterns, pattern);
  }
  if (notify) addReplyPubsubPatUnsubscribed(c, pattern);
  decrRefCount(pattern);
  return retval;
}

/**
 * Ends all subscriptions of one kind. Returns how many there were; with `notify` even none is confirmed, by a null channel.
 * @c pubsub.c:383
 */
export function pubsubUnsubscribeAllChannelsInternal(
  c: client,
  notify: boolean,
  type: pubsubtype,
): number {
  let count = 0;
  if (dictSize(type.clientPubSubChannels(c)) > 0) {
    const di = dictGetSafeIterator(type.clientPubSubChannels(c));
    for (let de = dictNext(di); de !== null; de = dictNext(di)) {
      count += pubsubUnsubscribeChannel(c, dictGetKey(de), notify, type);
    }
    dictReleaseIterator(di);
  }
  if (notify && count === 0) addReplyPubsubUnsubscribed(c, null, type);
  return count;
}

/**
 * Ends all subscriptions to global channels.
 * @c pubsub.c:406
 */
export function pubsubUnsubscribeAllChannels(c: client, notify: boolean): number {
  return pubsubUnsubscribeAllChannelsInternal(c, notify, pubSubType);
}

/**
 * Ends all subscriptions to shard channels.
 * @c pubsub.c:414
 */
export function pubsubUnsubscribeShardAllChannels(c: client, notify: boolean): number {
  return pubsubUnsubscribeAllChannelsInternal(c, notify, pubSubShardType);
}

/**
 * Ends all subscriptions to patterns. Returns how many there were.
 * @c pubsub.c:432
 */
export function pubsubUnsubscribeAllPatterns(c: client, notify: boolean): number {
  const li = new listIter<robj>();
  let count = 0;
  listRewind(c.pubsub_patterns, li);
  for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
    count += pubsubUnsubscribePattern(c, ln.value, notify);
  }
  if (notify && count === 0) addReplyPubsubPatUnsubscribed(c, null);
  return count;
}

/**
 * Hands a message to all subscribers of the channel and, for a global one, of the patterns that match it. Returns how many
 * deliveries that were.
 * @c pubsub.c:450
 */
export function pubsubPublishMessageInternal(
  channel: robj,
  message: robj,
  type: pubsubtype,
): number {
  let receivers = 0;
  const li = new listIter<client>();
  const subscribers = dictFind(type.serverPubSubChannels(), channel);
  if (subscribers) {
    listRewind(dictGetVal(subscribers), li);
    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      addReplyPubsubMessage(ln.value, channel, message, type.messageBulk());
      updateClientMemUsage(ln.value);
      receivers++;
    }
  }
  if (type.shard) return receivers;

  const di = dictGetIterator(server.pubsub_patterns);
  const decoded = getDecodedObject(channel);
  const name = objPtrString(decoded);
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const pattern = dictGetKey(de);
    if (!stringmatchlen(objPtrString(pattern), name, false)) continue;
    listRewind(dictGetVal(de), li);
    for (let ln = listNext(li); ln !== null; ln = listNext(li)) {
      addReplyPubsubPatMessage(ln.value, pattern, decoded, message);
      updateClientMemUsage(ln.value);
      receivers++;
    }
  }
  decrRefCount(decoded);
  dictReleaseIterator(di);
  return receivers;
}

/**
 * Publishes a message on a global or a shard channel.
 * @c pubsub.c:505
 */
export function pubsubPublishMessage(channel: robj, message: robj, sharded: boolean): number {
  return pubsubPublishMessageInternal(channel, message, sharded ? pubSubShardType : pubSubType);
}

/**
 * SUBSCRIBE channel [channel ...].
 * @c pubsub.c:514
 */
export function subscribeCommand(c: client): void {
  // Who expects one reply a command cannot subscribe; MULTI always could, and keeps that.
  if (c.flags_hi & CLIENT_DENY_BLOCKING && !(c.flags & CLIENT_MULTI)) {
    addReplyError(c, "SUBSCRIBE isn't allowed for a DENY BLOCKING client");
    return;
  }
  for (let j = 1; j < c.argc; j++) pubsubSubscribeChannel(c, c.argv[j], pubSubType);
  c.flags |= CLIENT_PUBSUB;
}

/**
 * UNSUBSCRIBE [channel ...]; without channels from all.
 * @c pubsub.c:533
 */
export function unsubscribeCommand(c: client): void {
  if (c.argc === 1) {
    pubsubUnsubscribeAllChannels(c, true);
  } else {
    for (let j = 1; j < c.argc; j++) pubsubUnsubscribeChannel(c, c.argv[j], true, pubSubType);
  }
  if (clientTotalPubSubSubscriptionCount(c) === 0) c.flags &= ~CLIENT_PUBSUB;
}

/**
 * PSUBSCRIBE pattern [pattern ...].
 * @c pubsub.c:546
 */
export function psubscribeCommand(c: client): void {
  if (c.flags_hi & CLIENT_DENY_BLOCKING && !(c.flags & CLIENT_MULTI)) {
    addReplyError(c, "PSUBSCRIBE isn't allowed for a DENY BLOCKING client");
    return;
  }
  for (let j = 1; j < c.argc; j++) pubsubSubscribePattern(c, c.argv[j]);
  c.flags |= CLIENT_PUBSUB;
}

/**
 * PUNSUBSCRIBE [pattern ...]; without patterns from all.
 * @c pubsub.c:566
 */
export function punsubscribeCommand(c: client): void {
  if (c.argc === 1) {
    pubsubUnsubscribeAllPatterns(c, true);
  } else {
    for (let j = 1; j < c.argc; j++) pubsubUnsubscribePattern(c, c.argv[j], true);
  }
  if (clientTotalPubSubSubscriptionCount(c) === 0) c.flags &= ~CLIENT_PUBSUB;
}

/**
 * Publishes to the subscribers of this server, which are all there are outside a cluster.
 * @c pubsub.c:580
 */
export function pubsubPublishMessageAndPropagateToCluster(
  channel: robj,
  message: robj,
  sharded: boolean,
): number {
  return pubsubPublishMessage(channel, message, sharded);
}

/**
 * PUBLISH channel message.
 * @c pubsub.c:588
 */
export function publishCommand(c: client): void {
  const receivers = pubsubPublishMessageAndPropagateToCluster(c.argv[1], c.argv[2], false);
  forceCommandPropagation(c, PROPAGATE_REPL);
  addReplyLongLong(c, receivers);
}

/**
 * PUBSUB CHANNELS | NUMSUB | NUMPAT | SHARDCHANNELS | SHARDNUMSUB | HELP.
 * @c pubsub.c:601
 */
export function pubsubCommand(c: client): void {
  const sub = objPtrString(c.argv[1]);
  const pat = c.argc === 3 ? objPtrString(c.argv[2]) : null;
  if (c.argc === 2 && !strcasecmp(sub, 'help')) {
    addReplyHelp(c, [
      'CHANNELS [<pattern>]',
      "    Return the currently active channels matching a <pattern> (default: '*').",
      'NUMPAT',
      '    Return number of subscriptions to patterns.',
      'NUMSUB [<channel> ...]',
      '    Return the number of subscribers for the specified channels, excluding',
      '    pattern subscriptions(default: no channels).',
      'SHARDCHANNELS [<pattern>]',
      "    Return the currently active shard level channels matching a <pattern> (default: '*').",
      'SHARDNUMSUB [<shardchannel> ...]',
      '    Return the number of subscribers for the specified shard level channel(s)',
    ]);
  } else if (!strcasecmp(sub, 'channels') && (c.argc === 2 || c.argc === 3)) {
    channelList(c, pat, server.pubsub_channels);
  } else if (!strcasecmp(sub, 'numsub') && c.argc >= 2) {
    addReplyArrayLen(c, (c.argc - 2) * 2);
    for (let j = 2; j < c.argc; j++) {
      const l = dictFetchValue(server.pubsub_channels, c.argv[j]);
      addReplyBulk(c, c.argv[j]);
      addReplyLongLong(c, l ? listLength(l) : 0);
    }
  } else if (!strcasecmp(sub, 'numpat') && c.argc === 2) {
    addReplyLongLong(c, dictSize(server.pubsub_patterns));
  } else if (!strcasecmp(sub, 'shardchannels') && (c.argc === 2 || c.argc === 3)) {
    channelList(c, pat, server.pubsubshard_channels);
  } else if (!strcasecmp(sub, 'shardnumsub') && c.argc >= 2) {
    addReplyArrayLen(c, (c.argc - 2) * 2);
    for (let j = 2; j < c.argc; j++) {
      const l = dictFetchValue(server.pubsubshard_channels, c.argv[j]);
      addReplyBulk(c, c.argv[j]);
      addReplyLongLong(c, l ? listLength(l) : 0);
    }
  } else {
    addReplySubcommandSyntaxError(c);
  }
}

/**
 * Answers with the channels that have subscribers and match `pat` (null: all).
 * @c pubsub.c:660
 */
export function channelList(
  c: client,
  pat: string | null,
  pubsub_channels: dict<robj, list<client>>,
): void {
  const di = dictGetIterator(pubsub_channels);
  const replylen = addReplyDeferredLen(c);
  let mblen = 0;
  for (let de = dictNext(di); de !== null; de = dictNext(di)) {
    const cobj = dictGetKey(de);
    if (pat === null || stringmatchlen(pat, objPtrString(cobj), false)) {
      addReplyBulk(c, cobj);
      mblen++;
    }
  }
  dictReleaseIterator(di);
  setDeferredArrayLen(c, replylen, mblen);
}

/**
 * SPUBLISH shardchannel message.
 * @c pubsub.c:683
 */
export function spublishCommand(c: client): void {
  const receivers = pubsubPublishMessageAndPropagateToCluster(c.argv[1], c.argv[2], true);
  forceCommandPropagation(c, PROPAGATE_REPL);
  addReplyLongLong(c, receivers);
}

/**
 * SSUBSCRIBE shardchannel [shardchannel ...].
 * @c pubsub.c:691
 */
export function ssubscribeCommand(c: client): void {
  if (c.flags_hi & CLIENT_DENY_BLOCKING) {
    addReplyError(c, "SSUBSCRIBE isn't allowed for a DENY BLOCKING client");
    return;
  }
  for (let j = 1; j < c.argc; j++) pubsubSubscribeChannel(c, c.argv[j], pubSubShardType);
  c.flags |= CLIENT_PUBSUB;
}

/**
 * SUNSUBSCRIBE [shardchannel ...]; without channels from all.
 * @c pubsub.c:715
 */
export function sunsubscribeCommand(c: client): void {
  if (c.argc === 1) {
    pubsubUnsubscribeShardAllChannels(c, true);
  } else {
    for (let j = 1; j < c.argc; j++) pubsubUnsubscribeChannel(c, c.argv[j], true, pubSubShardType);
  }
  if (clientTotalPubSubSubscriptionCount(c) === 0) c.flags &= ~CLIENT_PUBSUB;
}

/**
 * Bytes that C's structures for this client's subscriptions would take.
 * @c pubsub.c:726
 */
export function pubsubMemOverhead(c: client): number {
  let mem = listLength(c.pubsub_patterns) * SIZEOF_LISTNODE;
  // Asked for after every command, and next to no client ever subscribed: a look at a table is less than two dictionaries' sums.
  if (c.pubsub_channels.ht_table[0] !== null) mem += channelsMem(c.pubsub_channels);
  if (c.pubsubshard_channels.ht_table[0] !== null) mem += channelsMem(c.pubsubshard_channels);
  return mem;
}

/**
 * Bytes of the entries and buckets of a dictionary of channels.
 *
 * @own part of pubsubMemOverhead
 */
export function channelsMem(channels: dict<robj, null>): number {
  return dictSize(channels) * SIZEOF_DICTENTRY + dictSlots(channels) * SIZEOF_POINTER;
}
