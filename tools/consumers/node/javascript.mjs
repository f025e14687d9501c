// Whether node loads a module, and the ids that it exports.
import { pathToFileURL } from 'node:url';
import { answer } from './answer.mjs';

await answer(async (path) => {
  const { default: provider } = await import(pathToFileURL(path));
  return provider.models.map((model) => model.id);
});
