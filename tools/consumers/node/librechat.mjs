// What LibreChat's own schema accepts of a librechat.yaml, and the models of its custom endpoints.
import { readFileSync } from 'node:fs';
import { configSchema } from 'librechat-data-provider';
import { parse } from 'yaml';
import { answer } from './answer.mjs';

await answer((path) => {
  const config = configSchema.strict().parse(parse(readFileSync(path, 'utf8')));
  return config.endpoints.custom.flatMap((endpoint) =>
    endpoint.models.default.map((model) => `${endpoint.name}/${model.name ?? model}`),
  );
});
