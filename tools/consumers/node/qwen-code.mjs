// The models that Qwen Code offers to an editor (Agent Client Protocol, session/new).
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { answer } from './answer.mjs';

await answer(async () => {
  const cli = join(import.meta.dirname, 'node_modules/@qwen-code/qwen-code/cli.js');
  const agent = spawn(process.execPath, [cli, '--acp'], { stdio: ['pipe', 'pipe', 'pipe'] });
  agent.stdin.on('error', () => {});
  const send = (id, method, params) => agent.stdin.write(JSON.stringify({ jsonrpc: '2.0', id, method, params }) + '\n');
  let words = '';
  agent.stderr.on('data', (data) => (words += data));
  try {
    return await new Promise((resolve, reject) => {
      agent.on('exit', () => reject(new Error(words || 'it ended')));
      createInterface({ input: agent.stdout }).on('line', (line) => {
        let message;
        try {
          message = JSON.parse(line);
        } catch {
          return;
        }
        if (message.error) reject(new Error(message.error.message));
        else if (message.id === 0) send(1, 'session/new', { cwd: process.cwd(), mcpServers: [] });
        else if (message.id === 1) resolve(message.result.models.availableModels.map((one) => one.modelId));
      });
      send(0, 'initialize', { protocolVersion: 1, clientCapabilities: {} });
    });
  } finally {
    agent.kill('SIGKILL');
  }
});
