// Tells bundlers of the built files what package.json says of our sources: a module has no effect
// but its exports. Bundlers believe package.json for whole modules only; once modules are joined,
// they would keep every operation and table for the sake of one metric.
import { parseAst } from 'rolldown/parseAst';

/** A rolldown plugin: what a module computes while it loads may go when nobody uses it. */
export const pureCalls = {
  name: 'pure-calls',
  transform: (code) => ({ code: marked(code), map: null }),
};

/** `const table = f({ …a })` as `const table = /*#__PURE__*\/ (() => f({ …a }))()`. */
export function marked(code) {
  let result = '';
  let from = 0;
  for (const { start, end } of initializers(parseAst(code)).filter(isEventful)) {
    result += `${code.slice(from, start)}/*#__PURE__*/ (() => (${code.slice(start, end)}))()`;
    from = end;
  }
  return result + code.slice(from);
}

/** The values of the module's own constants. */
function initializers({ body }) {
  return body
    .map((node) => (node.type === 'ExportNamedDeclaration' ? node.declaration : node))
    .filter((node) => node?.type === 'VariableDeclaration')
    .flatMap(({ declarations }) => declarations.map(({ init }) => init))
    .filter((init) => init !== null);
}

const eventful = /^(CallExpression|NewExpression|MemberExpression|SpreadElement)$/;
const later = /^(FunctionExpression|ArrowFunctionExpression)$/;

/** Whether a bundler must take the evaluation for more than a value. */
function isEventful(node) {
  if (Array.isArray(node)) return node.some(isEventful);
  if (node === null || typeof node !== 'object' || later.test(node.type)) return false;
  return eventful.test(node.type) || Object.values(node).some(isEventful);
}
