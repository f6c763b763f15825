// What sharp needs, which ipx and most image servers on Node render with: milliseconds of processor
// time a picture, of all threads. Usage: node cost.js FILE WIDTH FORMAT QUALITY EFFORT PICTURES
// A QUALITY or EFFORT of 0: sharp's own. One thread a picture, as libvips beside it.
import { readFileSync } from "node:fs";
import sharp from "sharp";

const [file, width, format, quality, effort, pictures] = process.argv.slice(2);
const source = readFileSync(file);
const options = {
  ...(Number(quality) && { quality: Number(quality) }),
  ...(Number(effort) && { effort: Number(effort) }),
};

sharp.cache(false);
sharp.concurrency(1);

const make = () =>
  sharp(source, { animated: format === "gif" })
    .resize(Number(width))
    .toFormat(format, options)
    .toBuffer();

await make();
const start = process.cpuUsage();
for (let i = 0; i < Number(pictures); ++i) await make();
const { user, system } = process.cpuUsage(start);
console.log((user + system) / 1000 / Number(pictures));
