// Whether Kimi Code's doctor accepts its config, and the models that it lists.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { answer } from './answer.mjs';

function kimi(...words) {
  const cli = join(import.meta.dirname, 'node_modules/@moonshot-ai/kimi-code/dist/main.mjs');
  const done = spawnSync(process.execPath, [cli, ...words], { encoding: 'utf8' });
  if (done.status !== 0) throw new Error(done.stdout + done.stderr);
  return done.stdout;
}

await answer(() => {
  kimi('doctor', 'config');
  const { models } = JSON.parse(kimi('provider', 'list', '--json'));
  return Object.values(models).map((one) => `${one.provider}/${one.model}`);
});
