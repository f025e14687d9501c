// What Continue's own schema accepts of a config.yaml, and the models that go to the gateway.
import { readFileSync } from 'node:fs';
import { parseConfigYaml } from '@continuedev/config-yaml';
import { answer } from './answer.mjs';

await answer((path) => {
  const config = parseConfigYaml(readFileSync(path, 'utf8'));
  return (config.models ?? []).map((model) => `${model.provider}/${model.model} at ${model.apiBase}`);
});
