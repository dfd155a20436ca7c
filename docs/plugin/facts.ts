/**
 * What a command's JSON says, for people: its syntax in the notation of manuals, the places of its keys in words.
 *
 * Who calls in: command_page.ts. Whom it calls: nobody.
 */
import type { CommandArgument, CommandFacts, KeySpec } from './data.ts';

function argumentText(argument: CommandArgument): string {
  const { type, token, optional, multiple } = argument;
  const inner = argument.arguments ?? [];
  let text: string;
  if (type === 'oneof') text = inner.map(argumentText).join(' | ');
  else if (type === 'block') text = inner.map(argumentText).join(' ');
  else if (type === 'pure-token') text = '';
  else text = argument.name;
  if (type === 'oneof' && optional !== true && inner.length > 1) text = `<${text}>`;
  if (multiple === true) {
    const again =
      argument.multiple_token === true && token !== undefined ? `${token} ${text}` : text;
    text = `${text} [${again} ...]`;
  }
  if (token !== undefined) text = [token === '' ? '""' : token, text].filter(Boolean).join(' ');
  return optional === true ? `[${text}]` : text;
}

/** `SET key value [NX | XX] [GET] [EX seconds | ...]`. */
export function syntaxOf(command: CommandFacts): string {
  const name = command.fullName.replace('|', ' ');
  return [name, ...(command.arguments ?? []).map(argumentText)].join(' ');
}

/** Where keys stand, in words. */
export function keySpecText({ begin_search, find_keys }: KeySpec): string {
  const { index, keyword } = begin_search as Record<string, Record<string, number | string>>;
  const { range, keynum } = find_keys as Record<string, Record<string, number>>;
  const start =
    index !== undefined
      ? `from argument ${index.pos}`
      : keyword !== undefined
        ? `after the word ${keyword.keyword}`
        : 'anywhere';
  if (range !== undefined) {
    const { lastkey, step } = range;
    if (lastkey === 0) return `one key, ${start.replace('from ', '')}`;
    const end =
      lastkey === -1
        ? 'to the end'
        : lastkey < 0
          ? `to the ${-lastkey}th from the end`
          : `${lastkey + 1} of them`;
    return `keys ${start} ${end}${step > 1 ? `, every ${step}nd`.replace('3nd', '3rd') : ''}`;
  }
  if (keynum !== undefined) return `as many keys as argument says, ${start}`;
  return `keys ${start}`;
}
