// npm start [-- NAME] [options]: runs the linear and the logistic example, or the one named.
import { catalog, mainJob } from './catalog.ts';
import { helpText, listText, OptionError, parse } from './options.ts';
import { FailedCheck } from './show/check.ts';

async function main(args: readonly string[]): Promise<void> {
  const { name, list, help, options, given } = parse(args, Object.keys(catalog));
  if (help) return void console.log(helpText(catalog, mainJob));
  if (list) return void console.log(listText(catalog));
  for (const each of name === undefined ? mainJob : [name]) {
    const example = catalog[each];
    const unused = given.filter((option) => !example.options.includes(option));
    if (unused.length > 0) {
      throw new OptionError(`${each} takes no --${unused.join(', --')}; see --help`);
    }
    await example.run(options);
  }
}

// A reader such as `head` may close the pipe before everything is printed.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(0);
});

try {
  await main(process.argv.slice(2));
} catch (error) {
  if (!(error instanceof OptionError || error instanceof FailedCheck)) throw error;
  console.error(error.message);
  process.exitCode = 1;
}
