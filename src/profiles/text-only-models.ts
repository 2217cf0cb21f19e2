/**
 * Models of which it is known that they take no images, wherever they are served; matched against the last part
 * of the model id in lower case. A model that is not here is believed to take them.
 * Source: the vendors' model pages, models.dev.
 */
export const textOnlyModels: readonly RegExp[] = [
  /^deepseek(?!.*(vl|vision|ocr|janus))/,
  /^glm-?(4\.[5-9]|[4-9](\.\d+)?)(?!\.?\d*v)(?![\d.]*v)/,
  /^kimi-?k2(?!\.[5-9])/,
  /^moonshot-v1(?!.*vision)/,
  /^minimax-?m[12]/,
  /^qwen-?(3|2\.5|2)?(-max|-plus|-turbo|-coder|-\d+(\.\d+)?b|:)(?!.*vl)/,
  /^qwq/,
  /^gpt-oss/,
  /^gpt-3\.5/,
  /^o1-mini/,
  /^o3-mini/,
  /^grok-(3|code)/,
  /^(codestral|open-mi|mixtral|mistral-7b)/,
  /^llama-?3(\.[13])?(-|:|$)(?!.*vision)/,
];
