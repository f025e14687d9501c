// What claude-code-router serves once it has started with the config of its home folder.
import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { answer } from './answer.mjs';

await answer(async (path) => {
  const cli = join(import.meta.dirname, 'node_modules/@musistudio/claude-code-router/dist/cli.js');
  const port = readFileSync(path, 'utf8').match(/"?PORT"?\s*:\s*(\d+)/)[1];
  const server = spawn(process.execPath, [cli, 'start'], { stdio: ['ignore', 'pipe', 'pipe'] });
  let words = '';
  let ended = false;
  server.stdout.on('data', (data) => (words += data));
  server.stderr.on('data', (data) => (words += data));
  server.on('exit', () => (ended = true));
  try {
    for (let tries = 0; tries < 100 && !ended; tries += 1) {
      await sleep(200);
      const reply = await fetch(`http://localhost:${port}/providers`).catch(() => null);
      if (reply?.ok) {
        const providers = await reply.json();
        return providers.flatMap((one) => one.models.map((model) => `${one.name}/${model}`));
      }
    }
    throw new Error(words || 'it did not answer');
  } finally {
    server.kill('SIGKILL');
  }
});
