import fc from "fast-check";

const words = [
  ..."the keeper's daughter hadn't slept She'd COUNTED i'm they'VE x Größe naïve дочь مرحبا שלום नमस्ते ผู้หญิง".split(
    " ",
  ),
  ...'const {} => ( ) ); }); "key": [1,2.5] // <a> === != #include $HOME ```ts | --- ./src/a.ts <|endoftext|>'.split(
    " ",
  ),
  ..."1897 3.14 0x7f 2026-11-24T02:13:05Z 1,204 100% 9 42 ½ ²".split(" "),
  "漢字とかな",
  "灯塔看守人的女儿",
  "등대지기의",
  "👩‍👩‍👧",
  "🎉🎉",
  "é",
  "👍🏽",
];
const gaps = [
  " ",
  " ",
  " ",
  "",
  "\n",
  "\n\n",
  "\n    ",
  "\t",
  "\r\n",
  "  ",
  " \n ",
  ", ",
  "/",
  ";\n/",
  '\n"',
  '7"',
  "\u00a0",
];

/** Prose, code, numbers and many scripts, mixed; without a run of one class of characters longer than 256. */
export const ordinaryText = fc
  .array(fc.tuple(fc.constantFrom(...words), fc.constantFrom(...gaps)), { maxLength: 60 })
  .map((pairs) => pairs.flat().join(""))
  .filter((text) => !/[^\s]{257}|\s{257}/.test(text));
