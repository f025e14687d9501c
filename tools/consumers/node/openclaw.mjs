// Whether OpenClaw validates its config, and the models that it lists.
import { spawnSync } from 'node:child_process';
import { answer } from './answer.mjs';

function run(...words) {
  const done = spawnSync(process.execPath, ['node_modules/openclaw/openclaw.mjs', ...words, '--json'], {
    cwd: import.meta.dirname,
    encoding: 'utf8',
  });
  const start = done.stdout.indexOf('{');
  if (start < 0) throw new Error(done.stderr || `openclaw ${words.join(' ')} said nothing`);
  return JSON.parse(done.stdout.slice(start));
}

await answer(() => {
  const checked = run('config', 'validate');
  if (!checked.valid) throw new Error(JSON.stringify(checked));
  const listed = run('models', 'list', '--all');
  if (!listed.models) throw new Error(JSON.stringify(listed));
  return listed.models.map((model) => model.key);
});
