/**
 * Models of which it is known that they take no images, wherever they are served; matched against the last part
 * of the model id in lower case. A model that is not here is believed to take them.
 * Source: the vendors' model pages, models.dev.
 */
export const textOnlyModels: readonly RegExp[] = [
  /^deepseek(?!.*(vl|vision|ocr|janus))/,
  /^glm-?\d+(\.\d+)?(?![\d.v])/,
  /^kimi-?k2(?!\.\d)/,
  /^moonshot-v1(?!.*vision)/,
  /^minimax-?m[12](?!\d)/,
  /^qwen-?(2|2\.5|3)?[-:](max|turbo|coder|next|\d)(?!.*vl)/,
  /^qwq/,
  /^gpt-(oss|3\.5)/,
  /^o[13]-mini/,
  /^grok-(3|code)/,
  /^(codestral|open-mistral|open-mixtral|mixtral)/,
  /^llama-?3(\.[13])?(?=[-:]|$)/,
];
