// Whether TypeScript's compiler accepts a module (tsc --noEmit --strict), and the ids that it exports once it runs.
import { readFileSync } from 'node:fs';
import ts from 'typescript';
import { answer } from './answer.mjs';

await answer(async (path) => {
  const options = {
    noEmit: true,
    strict: true,
    target: ts.ScriptTarget.ES2022,
    module: ts.ModuleKind.ESNext,
    moduleResolution: ts.ModuleResolutionKind.Bundler,
    types: [],
  };
  const program = ts.createProgram([path], options);
  const problems = ts.getPreEmitDiagnostics(program);
  if (problems.length) {
    throw new Error(problems.map((one) => ts.flattenDiagnosticMessageText(one.messageText, '\n')).join('\n'));
  }
  const script = ts.transpileModule(readFileSync(path, 'utf8'), { compilerOptions: options }).outputText;
  const { default: provider } = await import('data:text/javascript,' + encodeURIComponent(script));
  return provider.models.map((model) => model.id);
});
