/**
 * The words of the pages' frame, in Chinese: the English ones are the keys. Tours are written in both languages; what is
 * generated from the code is English, under headings in the reader's language.
 *
 * Who calls in: the layout and the browser. Whom it calls: nobody.
 */

/** A language of the site. */
export type Language = 'en' | 'zh';

/** English to Chinese. */
export const chinese: Readonly<Record<string, string>> = {
  Read: '阅读',
  Commands: '命令',
  Scenes: '场景',
  Functions: '函数',
  Sources: '源码',
  State: '进度',
  Concepts: '概念',
  Search: '搜索',
  Contract: '约定',
  'Recorded stacks': '录得的调用栈',
  'Beside gdb': '与 gdb 对照',
  'What it calls': '它调用了什么',
  'Who calls it': '谁调用它',
  'Whom it calls': '它调用谁',
  Tests: '测试',
  'On this page': '本页内容',
  Trail: '足迹',
  clear: '清除',
  'Show all': '全部显示',
  'Leaf helpers': '叶子函数',
  Tree: '调用树',
  Flame: '火焰图',
  Timeline: '时间线',
  Variants: '变体',
  Request: '请求',
  Reply: '回复',
  'Keyspace before': '执行前的键空间',
  'Keyspace after': '执行后的键空间',
  Propagated: '传播',
  'The call tree': '调用树',
  Syntax: '语法',
  'Key specifications': '键的位置',
  History: '历史',
  'Sent before': '此前发送',
  Log: '日志',
  Next: '下一篇',
  Previous: '上一篇',
  'Reading order': '阅读顺序',
  Signature: '签名',
  Parameters: '参数',
  'Reached by': '由这些运行到达',
  Coverage: '覆盖',
  'Functions it is about': '本文涉及的函数',
  'In this file': '本文件',
  'Open all': '全部展开',
  'Fold all': '全部折叠',
  Keys: '按键',
};

/** A word of the frame in a language. */
export function word(text: string, language: Language): string {
  return language === 'zh' ? (chinese[text] ?? text) : text;
}
