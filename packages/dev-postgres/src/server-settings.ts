/** The launcher's own settings: the address, and no file of the server outside its folder. */
const reserved = ["port", "listen_addresses", "unix_socket_directories", "data_directory"];

const defaults = {
  // Shared memory in files of the data folder goes with it; in /dev/shm it would outlive a killed server, and containers make that small.
  dynamic_shared_memory_type: "mmap",
  // Nobody rotates the log, so it contains only starts, stops and fatal errors, not every failed statement.
  log_min_messages: "log",
  log_checkpoints: "off",
};

/**
 * A crash of the machine loses the database, a crash of the server loses nothing: right for data that ends with the
 * process.
 */
const notDurable = { fsync: "off", full_page_writes: "off" };

/**
 * The server's command line.
 *
 * @throws Error for a setting that the launcher owns, or an invalid name.
 */
export function serverArguments(options: {
  readonly port: number;
  readonly durable: boolean;
  readonly settings: Readonly<Record<string, string>>;
}): string[] {
  for (const name of Object.keys(options.settings)) checkName(name);
  const settings = {
    ...defaults,
    ...(options.durable ? {} : notDurable),
    ...options.settings,
    port: String(options.port),
    listen_addresses: "127.0.0.1",
    unix_socket_directories: "",
  };
  return Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`]);
}

function checkName(name: string): void {
  if (reserved.includes(name.toLowerCase()))
    throw new Error(
      `The setting ${name} is set by startEmbeddedPostgres itself: remove it from settings.`,
    );
  if (!/^[a-z_][a-z0-9_.]*$/i.test(name))
    throw new Error(`${JSON.stringify(name)} is not the name of a PostgreSQL setting.`);
}
