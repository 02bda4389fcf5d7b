# Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
function __fish_csqlstore_global_optspecs
    string join \n config= cluster= node= table= format= q/quiet v/verbose color= no-progress y/yes timeout= h/help V/version
end

function __fish_csqlstore_needs_command
    # Figure out if the current invocation already has a command.
    set -l cmd (commandline -opc)
    set -e cmd[1]
    argparse -s (__fish_csqlstore_global_optspecs) -- $cmd 2>/dev/null
    or return
    if set -q argv[1]
        # Also print the command, so this can be used to figure out what it is.
        echo $argv[1]
        return 1
    end
    return 0
end

function __fish_csqlstore_using_subcommand
    set -l cmd (__fish_csqlstore_needs_command)
    test -z "$cmd"
    and return 1
    contains -- $cmd[1] $argv
end

complete -c csqlstore -n "__fish_csqlstore_needs_command" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_needs_command" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "migrate" -d 'Bring the session table\'s schema to where it should be'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "event" -d 'Let the servers delete expired sessions themselves'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "session" -d 'List, read, find, count, export, delete and re-sign sessions'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "cookie" -d 'Read session cookies'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "purge" -d 'Delete expired sessions'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "node" -d 'Look at the servers'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "doctor" -d 'Take one look at everything, and say what to do about it'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "key" -d 'Make keys, and look at those in use'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "sandbox" -d 'Run a throw-away cluster of real servers on this machine'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "config" -d 'Make a configuration, and look at the one that holds'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "completions" -d 'Write a completion script for a shell to standard output'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "generate" -d 'Write man/ and completions/'
complete -c csqlstore -n "__fish_csqlstore_needs_command" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "status" -d 'Show which migrations are applied and which are pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "plan" -d 'Show the SQL of what is pending, and what the cluster will feel'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "up" -d 'Apply what is pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "verify" -d 'Compare every node\'s schema with what is expected, and with the other nodes'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "adopt" -d 'Record what the table has already, and run nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "down" -d 'Take migrations back'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "repair" -d 'Make the history say what the table shows'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "unlock" -d 'Free the lease of a runner that is gone'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and not __fish_seen_subcommand_from status plan up verify adopt down repair unlock help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l check -d 'Exit with status 1 if anything is pending, 4 if the table cannot be migrated'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l to -d 'Go no further than the migration of this version' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l dedupe -d 'Leave one row of each id that more than one row has: of those that have not expired the one modified last' -r -f -a "newest\t'The newest'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l check -d 'Exit with status 1 if anything is pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from plan" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l wait -d 'Wait this long for a node that may take work (Primary, ready, Synced), for a database that is only just starting' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l lock-timeout -d 'Wait this long while somebody else migrates' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l confirm-above -d 'Ask before an existing table above this size is altered; `--yes` does not answer that' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l to -d 'Go no further than the migration of this version' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l dedupe -d 'Leave one row of each id that more than one row has: of those that have not expired the one modified last' -r -f -a "newest\t'The newest'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l dry-run -d 'Show what would be done, and do nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l check -d 'With `--dry-run`, exit with status 1 if anything is pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from up" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from verify" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l lock-timeout -d 'Wait this long while somebody else migrates' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l dry-run -d 'Show what would be recorded, and write nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from adopt" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l to -d 'The version that stays as the last one; 0 for none [default: one step back]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l confirm -d 'The name of the table, to agree to the loss of all its sessions' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l lock-timeout -d 'Wait this long while somebody else migrates' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l confirm-above -d 'Ask before an existing table above this size is altered; `--yes` does not answer that' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l dry-run -d 'Show what would be dropped, and do nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l force -d 'Drop the primary key or the table on a cluster too, and what csqlstore did not make'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from down" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l lock-timeout -d 'Wait this long while somebody else migrates' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l dry-run -d 'Show what would be recorded, and write nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from repair" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l lease -d 'Which lease: migrate, purge or rekey' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l epoch -d 'Free the holding of this number, and no other, though its holder may be alive' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l on -d 'Work on this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l dry-run -d 'Show who holds it, and free nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from unlock" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show which migrations are applied and which are pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "plan" -d 'Show the SQL of what is pending, and what the cluster will feel'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "up" -d 'Apply what is pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "verify" -d 'Compare every node\'s schema with what is expected, and with the other nodes'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "adopt" -d 'Record what the table has already, and run nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "down" -d 'Take migrations back'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "repair" -d 'Make the history say what the table shows'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "unlock" -d 'Free the lease of a runner that is gone'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand migrate; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -f -a "install" -d 'Install the cleanup event, or change it, or move it to another node'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -f -a "status" -d 'Show whether expired sessions are being deleted'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -f -a "show" -d 'Show the event in SQL: as the nodes store it, and as `install` would write it'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -f -a "remove" -d 'Remove the event from every node'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and not __fish_seen_subcommand_from install status show remove help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l every -d 'Run this often [default: as installed, else 1h]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l grace -d 'Keep sessions for this long after they expire [default: as installed, else 1h]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l batch -d 'Delete this many rows at a time [default: as installed, else 200]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l max-time -d 'End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l on -d 'Run it on this node [default: where it runs already, else a usable one whose scheduler is on]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l event -d 'The event\'s name [default: csqlstore_purge_TABLE]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l keep-documented -d 'Leave the event of the Go package\'s documentation where it is'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l anew -d 'Write the event even if it is as it should be: it runs at once, and as this account'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from install" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l event -d 'The event\'s name [default: csqlstore_purge_TABLE, or whatever else cleans the table up]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l check -d 'Exit with status 1 if the cleanup does not work (which it does without this option, too)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l every -d 'Run this often [default: as installed, else 1h]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l grace -d 'Keep sessions for this long after they expire [default: as installed, else 1h]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l batch -d 'Delete this many rows at a time [default: as installed, else 200]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l max-time -d 'End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l event -d 'The event\'s name [default: csqlstore_purge_TABLE]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l event -d 'The event\'s name [default: csqlstore_purge_TABLE]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from remove" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "install" -d 'Install the cleanup event, or change it, or move it to another node'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show whether expired sessions are being deleted'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show the event in SQL: as the nodes store it, and as `install` would write it'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "remove" -d 'Remove the event from every node'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand event; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "list" -d 'List sessions, without looking at what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "show" -d 'Show one session by its id: its state, and what it holds'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "find" -d 'Find sessions by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "stats" -d 'Count sessions: by state, size, age and expiry, and by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "export" -d 'Write all sessions, one JSON object a line'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "delete" -d 'Delete sessions: by their ids, or by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "rekey" -d 'Sign all live sessions anew, under the first key'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "decode" -d 'Decode what a row holds in `data`, without a server'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and not __fish_seen_subcommand_from list show find stats export delete rekey decode help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l limit -d 'List at most this many' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l sort -d 'Which come first; all but `created` have the server look at every row' -r -f -a "created\t'The newest'
modified\t'Those written last'
expires\t'Those that expire, or expired, soonest'
bytes\t'The largest'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l since -d 'Only sessions that were written in this time until now' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l on -d 'Read on this node; if it is lost in the middle, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l active -d 'Only sessions that have not expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l expired -d 'Only sessions that have expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from list" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l on -d 'Ask this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l full -d 'Show long text, bytes and lists whole'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l unverified -d 'Show what a value claims that does not verify, or for which there is no key'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l since -d 'Only sessions that were written in this time until now' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l on -d 'Read on this node; if it is lost in the middle, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l active -d 'Only sessions that have not expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l expired -d 'Only sessions that have expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from find" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l since -d 'Only sessions that were written in this time until now' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l on -d 'Read on this node; if it is lost in the middle, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l active -d 'Only sessions that have not expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l expired -d 'Only sessions that have expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from stats" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l since -d 'Only sessions that were written in this time until now' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l on -d 'Read on this node; if it is lost in the middle, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l raw -d 'Write the data as it is stored, without opening it'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l active -d 'Only sessions that have not expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l expired -d 'Only sessions that have expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from export" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l where -d 'Delete sessions of which this holds: `KEY=VALUE`, `KEY<VALUE`, `KEY~REGEX`, `KEY exists`, … (several: all hold)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l batch -d 'Delete this many rows at a time [default: 50 to 1000, as fast as the server is]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l target -d 'Aim at batches that take this long' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l since -d 'Only sessions that were written in this time until now' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l on -d 'Read on this node; if it is lost in the middle, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l dry-run -d 'Show what would go, and delete nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l without-key -d 'Delete from a table without any key too, a few rows at a time; every other node of a cluster then reads the whole table for each row'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l active -d 'Only sessions that have not expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l expired -d 'Only sessions that have expired'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from delete" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l batch -d 'Sign this many rows at a time [default: 50 to 1000, as fast as the server is]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l target -d 'Aim at batches that take this long' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l on -d 'Start on this node; if it is lost, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l wait -d 'Wait this long while somebody else signs anew' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l max-length -d 'Leave sessions as they are that would grow beyond this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l dry-run -d 'Count the sessions by key, say in which order keys are changed, and change nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from rekey" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l full -d 'Show long text, bytes and lists whole'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l unverified -d 'Show what a value claims that does not verify, or for which there is no key'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from decode" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "list" -d 'List sessions, without looking at what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show one session by its id: its state, and what it holds'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "find" -d 'Find sessions by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "stats" -d 'Count sessions: by state, size, age and expiry, and by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "export" -d 'Write all sessions, one JSON object a line'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "delete" -d 'Delete sessions: by their ids, or by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "rekey" -d 'Sign all live sessions anew, under the first key'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "decode" -d 'Decode what a row holds in `data`, without a server'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand session; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -f -a "decode" -d 'Decode a session cookie, and show the session that it belongs to'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and not __fish_seen_subcommand_from decode help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l on -d 'Ask this node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l grace -d 'Call a session purgeable this long after it expired' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l max-age -d 'Refuse values signed longer ago than this; 0 for no limit' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l max-length -d 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l offline -d 'Decode the cookie alone, and ask no server for its session'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l full -d 'Show long text, bytes and lists whole'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l unverified -d 'Show what a value claims that does not verify, or for which there is no key'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from decode" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from help" -f -a "decode" -d 'Decode a session cookie, and show the session that it belongs to'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand cookie; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l grace -d 'Keep sessions for this long after they expire' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l batch -d 'Delete this many rows at a time [default: 50 to 1000, as fast as the server is]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l target -d 'Aim at batches that take this long' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l max-rows -d 'Delete at most this many rows' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l max-time -d 'Begin no further batch after this time' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l on -d 'Start on this node; if it is lost, any usable one takes over' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l wait -d 'Wait this long while somebody else purges' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l pause-file -d 'Begin no batch while this file is there' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l max-threads-running -d 'Wait while more statements than this run on a node' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l max-lag -d 'Wait while a replica is further behind than this' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l row-image -d 'What of a deleted row travels to the other nodes: its key alone (`minimal`), all of it (`full`), or its key where the account may ask for that (`auto`)' -r -f -a "auto\t''
minimal\t''
full\t''"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l metrics-file -d 'Write what was done as metrics for node_exporter\'s textfile collector' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l if-free -d 'Exit with 0, having done nothing, if somebody else purges'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l no-lease -d 'Purge without the lease: for an account that may not write `csqlstore_lease`; nothing then keeps a second purge out'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l without-key -d 'Purge a table without any key too, a few rows at a time, where every other node of a cluster reads the whole table for each row; and one without an index on `expire_on`, where this node reads the whole table for each batch'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l dry-run -d 'Count what would be deleted, and delete nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand purge" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -f -a "status" -d 'Show which nodes may take sessions, and why the others may not'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -f -a "check" -d 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -f -a "watch" -d 'Watch the nodes: a screen on a terminal, else lines'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -f -a "wait" -d 'Wait until the nodes are as they should be'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -f -a "serve" -d 'Answer over HTTP how the nodes are, from a look that goes on in the background'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and not __fish_seen_subcommand_from status check watch wait serve help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l on -d 'Show this node alone' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l interval -d 'Look twice, this long apart, and say what counters grew by in between; `0s` looks once' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l max-paused -d 'Degraded: flow control pauses a node\'s writes for a larger share of the interval, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l max-queue -d 'Degraded: as many write sets or more wait in a node\'s receive queue [default: its own gcs.fc_limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l max-lag -d 'Degraded: a replica is further behind its source; one that is stopped is unusable' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l max-latency -d 'Degraded: the shortest of five answers takes longer' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l max-connections -d 'Degraded: this share of max_connections or more is taken, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l max-clock-offset -d 'Notice clocks that are further apart, from each other and from this machine\'s, beyond the error of measurement' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l min-certificate -d 'Notice certificates that are valid for less time than this' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l load -d 'Show how busy the nodes are too'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l on -d 'Check this node alone' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l expect -d 'Warn unless the cluster has this many members by its own count; half of them or fewer are critical' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l expect-kind -d 'Be critical unless it is this: a node that came up without its cluster takes sessions that the others never see' -r -f -a "galera\t''
group-replication\t''
replica\t''
standalone\t''"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l interval -d 'Look twice, this long apart, and say what counters grew by in between; `0s` looks once' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l max-paused -d 'Degraded: flow control pauses a node\'s writes for a larger share of the interval, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l max-queue -d 'Degraded: as many write sets or more wait in a node\'s receive queue [default: its own gcs.fc_limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l max-lag -d 'Degraded: a replica is further behind its source; one that is stopped is unusable' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l max-latency -d 'Degraded: the shortest of five answers takes longer' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l max-connections -d 'Degraded: this share of max_connections or more is taken, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l max-clock-offset -d 'Notice clocks that are further apart, from each other and from this machine\'s, beyond the error of measurement' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l min-certificate -d 'Notice certificates that are valid for less time than this' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l interval -d 'Look this often' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l on -d 'Watch this node alone' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l count -d 'End after so many looks' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-time -l for -d 'End after this time' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-paused -d 'Degraded: flow control pauses a node\'s writes for a larger share of the interval, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-queue -d 'Degraded: as many write sets or more wait in a node\'s receive queue [default: its own gcs.fc_limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-lag -d 'Degraded: a replica is further behind its source; one that is stopped is unusable' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-latency -d 'Degraded: the shortest of five answers takes longer' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-connections -d 'Degraded: this share of max_connections or more is taken, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l max-clock-offset -d 'Notice clocks that are further apart, from each other and from this machine\'s, beyond the error of measurement' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l min-certificate -d 'Notice certificates that are valid for less time than this' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from watch" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l for -d 'What to wait for: `usable`: a node may take sessions; `synced`: every node is well; `size=N`: the cluster counts N members' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l on -d 'Look at this node alone' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l max-time -d 'Give up after this time' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from wait" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l listen -d 'Serve HTTP on this address' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l agent-listen -d 'Serve HAProxy\'s agent-check on this address: a client sends a node\'s name and a line feed, and is sent a line' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l every -d 'Look at every node this often' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-age -d 'Take what was seen longer ago for nothing' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l token-file -d 'Tell details to those alone who show the token that stands in this file (16 characters or more)' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l on -d 'Look at this node alone' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-paused -d 'Degraded: flow control pauses a node\'s writes for a larger share of the interval, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-queue -d 'Degraded: as many write sets or more wait in a node\'s receive queue [default: its own gcs.fc_limit]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-lag -d 'Degraded: a replica is further behind its source; one that is stopped is unusable' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-latency -d 'Degraded: the shortest of five answers takes longer' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-connections -d 'Degraded: this share of max_connections or more is taken, in percent' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l max-clock-offset -d 'Notice clocks that are further apart, from each other and from this machine\'s, beyond the error of measurement' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l min-certificate -d 'Notice certificates that are valid for less time than this' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l public -d 'Allow an address that other machines reach'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from serve" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show which nodes may take sessions, and why the others may not'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "watch" -d 'Watch the nodes: a screen on a terminal, else lines'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "wait" -d 'Wait until the nodes are as they should be'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "serve" -d 'Answer over HTTP how the nodes are, from a look that goes on in the background'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand node; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l explain -d 'Explain a finding by its code, or list all codes; no server is asked' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l only -d 'Show and judge nothing but these findings (repeatable, or separated by commas)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l skip -d 'Leave these findings out (repeatable, or separated by commas)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l name -d 'Verify under this session name, which is the cookie\'s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration\'s names]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l strict -d 'Exit with status 1 for warnings too'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand doctor" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -f -a "generate" -d 'Draw a pair of keys at random, and print it as a line of a keyring'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -f -a "check" -d 'Say of each pair what it is, which one signs, and what is questionable about them'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and not __fish_seen_subcommand_from generate check help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l block -d 'Draw a block key too, so that sessions are encrypted: of 32 bytes (AES-256), 24 or 16' -r -f -a "16\t''
24\t''
32\t''"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l bytes -d 'The length of the hash key in bytes, 32 to 64' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l out -d 'Write the line into this new file, which only you can read, and show no key' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l append -d 'Append the line to this file, which keeps its mode, and show no key' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from generate" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l key-file -d 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration\'s key_file, or asked for]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from check" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "generate" -d 'Draw a pair of keys at random, and print it as a line of a keyring'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "check" -d 'Say of each pair what it is, which one signs, and what is questionable about them'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand key; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "up" -d 'Make a sandbox and start its nodes'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "status" -d 'Show how the nodes are'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "stop" -d 'Stop a node: it says good-bye to the others'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "start" -d 'Start a node that does not run, or all of them'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "kill" -d 'Kill a node\'s server (SIGKILL), as a crash would'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "isolate" -d 'Cut a node off from the others'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "down" -d 'Kill all nodes and remove the directory with all data'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and not __fish_seen_subcommand_from up status stop start kill isolate down help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l engine -d 'What kind of servers' -r -f -a "galera\t'MariaDB with Galera, from this machine\'s packages'
group-replication\t'MySQL Group Replication, from `--server-root`; one member is the primary'
standalone\t'One server: this machine\'s MariaDB, or the MySQL of `--server-root`'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l server-root -d 'The folder of a MySQL server: packages unpacked below it, or one of MySQL\'s own archives' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l nodes -d 'How many nodes, 1 to 9 [default: 3, or 1 for standalone]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l base-port -d 'Take the ports from this one on, four for each node [default: free ones above 20000]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l multi-primary -d 'With group-replication: every member takes writes, not one primary alone'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from up" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from status" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from stop" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from start" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from kill" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l heal -d 'Let it talk to the others again'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from isolate" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l dir -d 'The sandbox\'s directory [default: /tmp/csqlstore-sandbox-UID]' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from down" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "up" -d 'Make a sandbox and start its nodes'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "status" -d 'Show how the nodes are'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "stop" -d 'Stop a node: it says good-bye to the others'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "start" -d 'Start a node that does not run, or all of them'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "kill" -d 'Kill a node\'s server (SIGKILL), as a crash would'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "isolate" -d 'Cut a node off from the others'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "down" -d 'Kill all nodes and remove the directory with all data'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand sandbox; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -f -a "show" -d 'Show every setting, and where it comes from'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -f -a "init" -d 'Make a configuration file, step by step'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and not __fish_seen_subcommand_from show init help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from show" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l dry-run -d 'Show what would be written, and write nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l example -d 'Print an example with every setting explained, and ask nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from init" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "show" -d 'Show every setting, and where it comes from'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "init" -d 'Make a configuration file, step by step'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand config; and __fish_seen_subcommand_from help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand completions" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l into -d 'The folder that they are written into' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l config -d 'Read this configuration file' -r -F
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l cluster -d 'Work on this cluster of the configuration file' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l node -d 'Use this node, instead of those of the file (repeatable)' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l table -d 'The name of the session table [default: session_cluster]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l format -d 'Write the answer in this form' -r -f -a "human\t'For people'
json\t'One JSON object'
nagios\t'A line of a Nagios plugin (`node check`)'
haproxy\t'The line of a HAProxy agent (`node check`)'
prometheus\t'Metrics for Prometheus (`node check`)'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l color -d 'When to use colours' -r -f -a "auto\t'On a terminal, unless NO_COLOR is set'
always\t'Always'
never\t'Never'"
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l timeout -d 'How long to wait for a connection or a short answer [default: 3s]' -r
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -s q -l quiet -d 'Leave the human report out; errors are still shown'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -s v -l verbose -d 'Say more on standard error (twice: also where an error was made)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -l no-progress -d 'Show no progress bar'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -s y -l yes -d 'Answer yes to what would be asked'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -s h -l help -d 'Print help (see more with \'--help\')'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand generate" -s V -l version -d 'Print version'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "migrate" -d 'Bring the session table\'s schema to where it should be'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "event" -d 'Let the servers delete expired sessions themselves'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "session" -d 'List, read, find, count, export, delete and re-sign sessions'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "cookie" -d 'Read session cookies'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "purge" -d 'Delete expired sessions'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "node" -d 'Look at the servers'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "doctor" -d 'Take one look at everything, and say what to do about it'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "key" -d 'Make keys, and look at those in use'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "sandbox" -d 'Run a throw-away cluster of real servers on this machine'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "config" -d 'Make a configuration, and look at the one that holds'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "completions" -d 'Write a completion script for a shell to standard output'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "generate" -d 'Write man/ and completions/'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and not __fish_seen_subcommand_from migrate event session cookie purge node doctor key sandbox config completions generate help" -f -a "help" -d 'Print this message or the help of the given subcommand(s)'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "status" -d 'Show which migrations are applied and which are pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "plan" -d 'Show the SQL of what is pending, and what the cluster will feel'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "up" -d 'Apply what is pending'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "verify" -d 'Compare every node\'s schema with what is expected, and with the other nodes'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "adopt" -d 'Record what the table has already, and run nothing'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "down" -d 'Take migrations back'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "repair" -d 'Make the history say what the table shows'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from migrate" -f -a "unlock" -d 'Free the lease of a runner that is gone'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "install" -d 'Install the cleanup event, or change it, or move it to another node'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "status" -d 'Show whether expired sessions are being deleted'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "show" -d 'Show the event in SQL: as the nodes store it, and as `install` would write it'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from event" -f -a "remove" -d 'Remove the event from every node'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "list" -d 'List sessions, without looking at what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "show" -d 'Show one session by its id: its state, and what it holds'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "find" -d 'Find sessions by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "stats" -d 'Count sessions: by state, size, age and expiry, and by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "export" -d 'Write all sessions, one JSON object a line'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "delete" -d 'Delete sessions: by their ids, or by what they hold'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "rekey" -d 'Sign all live sessions anew, under the first key'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from session" -f -a "decode" -d 'Decode what a row holds in `data`, without a server'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from cookie" -f -a "decode" -d 'Decode a session cookie, and show the session that it belongs to'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "status" -d 'Show which nodes may take sessions, and why the others may not'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "check" -d 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "watch" -d 'Watch the nodes: a screen on a terminal, else lines'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "wait" -d 'Wait until the nodes are as they should be'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from node" -f -a "serve" -d 'Answer over HTTP how the nodes are, from a look that goes on in the background'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "generate" -d 'Draw a pair of keys at random, and print it as a line of a keyring'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from key" -f -a "check" -d 'Say of each pair what it is, which one signs, and what is questionable about them'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "up" -d 'Make a sandbox and start its nodes'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "status" -d 'Show how the nodes are'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "stop" -d 'Stop a node: it says good-bye to the others'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "start" -d 'Start a node that does not run, or all of them'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "kill" -d 'Kill a node\'s server (SIGKILL), as a crash would'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "isolate" -d 'Cut a node off from the others'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from sandbox" -f -a "down" -d 'Kill all nodes and remove the directory with all data'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "show" -d 'Show every setting, and where it comes from'
complete -c csqlstore -n "__fish_csqlstore_using_subcommand help; and __fish_seen_subcommand_from config" -f -a "init" -d 'Make a configuration file, step by step'
