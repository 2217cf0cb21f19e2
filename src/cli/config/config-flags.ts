import type { LoadConfigOptions } from "../../config/load-config.ts";

/** The flags that name files of settings, as many commands have them. */
export interface ConfigFlags {
  readonly config?: string;
  readonly envFile?: string;
}

/** The flags in the words of `config/`. */
export function readConfigFlags({ config, envFile }: ConfigFlags): LoadConfigOptions {
  return {
    ...(config === undefined ? {} : { configFile: config }),
    ...(envFile === undefined ? {} : { envFile }),
  };
}

/** With the port on which a running proxy is asked. */
export interface ProxyFlags extends ConfigFlags {
  readonly port?: string;
}

/** The same with the port, which wins over that of the settings. */
export function readProxyFlags({ port, ...files }: ProxyFlags): LoadConfigOptions {
  return { ...readConfigFlags(files), ...(port === undefined ? {} : { flags: { PORT: port } }) };
}

/** With the client by whose key a running proxy is asked. */
export interface ClientFlags extends ProxyFlags {
  readonly client?: string;
}

/** The same with the client. */
export function readClientFlags({
  client,
  ...others
}: ClientFlags): LoadConfigOptions & Pick<ClientFlags, "client"> {
  return { ...readProxyFlags(others), ...(client === undefined ? {} : { client }) };
}
