package cli

// Usage is what --help prints.
const Usage = `Talk to the nodes of a lab as redis-cli does, with its options and exit codes.

Usage: playground cli [OPTIONS] [cmd [arg [arg ...]]]
  -h <hostname>      The node's host (default: 127.0.0.1).
  -p <port>          The node's port (default: the first node of the lab that runs, or 7000).
  -c                 Follow MOVED and ASK.
  -n <db>            Database number.
  -2, -3             Speak RESP2 or RESP3.
  -a <password>      Password; REDISCLI_AUTH in the environment is safer.
  --user <username>  For AUTH with a user. Needs -a.
  --pass <password>  The same as -a.
  -u <uri>           redis://user:password@host:port/db
  -r <repeat>        Run the command so many times; -1 is for ever.
  -i <interval>      With -r, wait so many seconds between two runs, such as 0.1.
  -x                 The last argument is what stands on the input.
  -X <tag>           The argument <tag> is what stands on the input.
  -d, -D <delimiter> Between the elements of a raw reply, and after it (default: \n).
  -e                 Exit with 1 when the reply is an error.
  --raw, --no-raw    As into a pipe, or as on a terminal, whatever the output is.
  --csv, --json, --quoted-json
                     Print replies as CSV or JSON.
  --quoted-input     The arguments are quoted strings.
  --show-pushes <yn> Print what RESP3 sends unasked (default: on a terminal).
  --no-auth-warning  Say nothing of passwords on the command line.
  --help, --version

Without a command it reads commands from its input, or lets you type on a terminal: "help" there
says more. It exits with 0, or with 1 when there is no connection. For --cluster, --scan, --pipe,
--latency and the other tools use redis-cli, which talks to these nodes as well.
`
