// A server that says what it is told to, for tests of how a client takes it. A process of its own, because the client
// under test blocks. It prints its port.
//
//   RAW <base64>            answers with those bytes
//   REDIRECT <error text>   answers with that error
//   BYE                     closes the connection
//   anything else           answers +OK
const { createServer } = require('node:net');

const server = createServer((socket) => {
  let input = Buffer.alloc(0);
  socket.on('error', () => undefined);
  socket.on('data', (data) => {
    input = Buffer.concat([input, data]);
    for (;;) {
      const args = [];
      let pos = 0;
      const line = () => {
        const end = input.indexOf('\r\n', pos);
        if (end === -1) return null;
        const text = input.toString('latin1', pos, end);
        pos = end + 2;
        return text;
      };
      const head = line();
      if (head === null) return;
      let complete = true;
      for (let i = 0; i < Number(head.slice(1)); i++) {
        const length = line();
        if (length === null || pos + Number(length.slice(1)) + 2 > input.length) {
          complete = false;
          break;
        }
        args.push(input.toString('latin1', pos, pos + Number(length.slice(1))));
        pos += Number(length.slice(1)) + 2;
      }
      if (!complete) return;
      input = input.subarray(pos);
      const command = args[0].toUpperCase();
      if (command === 'RAW') socket.write(Buffer.from(args[1], 'base64'));
      else if (command === 'REDIRECT') socket.write(`-${args[1]}\r\n`);
      else if (command === 'BYE') socket.end();
      else socket.write('+OK\r\n');
    }
  });
});
server.listen(0, '127.0.0.1', () => process.stdout.write(`${server.address().port}\n`));
process.stdin.resume().on('end', () => process.exit(0));
