export const usage = `tasker-observability <command>

  probe ready|live --file PATH [--max-age 30]   reads its heartbeat file; age in seconds
  probe ready|live --socket PATH                asks a worker on its Unix socket
  probe ready|live --url URL                    asks its HTTP endpoint, such as http://127.0.0.1:8081
                   [--timeout 5]                seconds to wait for an answer on the socket or from the endpoint
                   [--api-key-env NAME]         with --url: the environment variable that holds an API key
                   [--api-key-file PATH]        with --url: the file that holds an API key
                   [--api-key-header NAME]      the header that carries it; X-API-Key unless given
      exits 0 for yes, 1 for no, 2 where the worker cannot be reached or gives no answer, 64 for wrong arguments, and prints one line
                   [--healthcheck]              exits 0 for yes and 1 for all else, as a HEALTHCHECK must: Docker reserves 2

  templates validate GLOB... [--handlers FILE] [--namespace NAME]... [--json]
      validates template files without a worker; exits 0, 1 with errors, 2 where a glob matches no file, or an argument is wrong
      --handlers FILE   the callables that the worker has: a JSON list or object, or a name a line
      --namespace NAME  a namespace that the worker serves, once for each; left out: any

  config show [--env NAME] [--json]    prints the configuration, secrets masked, each value with where it comes from
  config check [--env NAME] [--json]   prints every problem, or what may not be meant
      exits 0, 1 with problems (which show prints on standard error), 2 for wrong arguments

  --help, --version           print this, or the version`;
