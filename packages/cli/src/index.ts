// What --json prints

export { type JsonSchema, schemas } from './output/schemas.ts';
export { version } from './version.ts';
