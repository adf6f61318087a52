// node run.mjs FILE…: imports each file and prints, as a line of JSON, what it logged.
import { pathToFileURL } from 'node:url';
import { format } from 'node:util';

const log = console.log;
for (const file of process.argv.slice(2)) {
  const printed = [];
  console.log = (...parts) => printed.push(format(...parts));
  let error;
  try {
    await import(pathToFileURL(file).href);
  } catch (thrown) {
    error = thrown?.stack ?? String(thrown);
  }
  console.log = log;
  console.log(JSON.stringify({ printed, error }));
}
