export const usage = `tasker-observability <command>

  probe ready|live --file PATH [--max-age 30]   reads a worker's heartbeat file; the age is in seconds
  probe ready|live --socket PATH                asks a worker on its Unix socket
  probe ready|live --url URL                    asks a worker's HTTP endpoint, such as http://127.0.0.1:8081
                   [--timeout 5]                with --socket or --url: how many seconds to wait for an answer
                   [--api-key-env NAME]         with --url: the environment variable that contains an API key
                   [--api-key-file PATH]        with --url: the file that contains an API key
                   [--api-key-header NAME]      with --url: the header that carries the key; default: X-API-Key
      prints one line; exits 0 for yes, 1 for no, 2 if the worker cannot be reached or gives no usable answer, 64 for invalid arguments
                   [--healthcheck]              exits 0 for yes and 1 otherwise, for Docker's HEALTHCHECK, which reserves 2

  templates validate GLOB... [--handlers FILE] [--namespace NAME]... [--json]
      validates template files without a worker; exits 0, 1 with errors, 2 if a glob matches no file or an argument is invalid
      --handlers FILE   the worker's handlers: a JSON list or object, or one name per line
      --namespace NAME  a namespace that the worker serves; may be repeated; default: any

  config show [--env NAME] [--json]    prints each value of the configuration with its origin; secrets are masked
  config check [--env NAME] [--json]   prints every problem and warning
      exits 0, 1 with problems (show prints them on standard error), 2 for invalid arguments

  --help, --version           print this, or the version`;
