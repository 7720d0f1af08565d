// Sizes of files as they are, and as they travel: `node size.mjs FILE...`
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

for (const path of process.argv.slice(2)) {
  const octets = readFileSync(path);
  const gzip = gzipSync(octets, { level: 9 }).length;
  const brotli = brotliCompressSync(octets, {
    params: {
      [constants.BROTLI_PARAM_QUALITY]: 11,
      [constants.BROTLI_PARAM_SIZE_HINT]: octets.length,
    },
  }).length;
  console.log(`${basename(path)}: raw ${octets.length}, gzip -9 ${gzip}, brotli 11 ${brotli}`);
}
