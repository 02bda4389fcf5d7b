
use builtin;
use str;

set edit:completion:arg-completer[csqlstore] = {|@words|
    fn spaces {|n|
        builtin:repeat $n ' ' | str:join ''
    }
    fn cand {|text desc|
        edit:complex-candidate $text &display=$text' '(spaces (- 14 (wcswidth $text)))$desc
    }
    var command = 'csqlstore'
    for word $words[1..-1] {
        if (str:has-prefix $word '-') {
            break
        }
        set command = $command';'$word
    }
    var completions = [
        &'csqlstore'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand migrate 'Bring the session table''s schema to where it should be'
            cand event 'Let the servers delete expired sessions themselves'
            cand session 'List, read, find, count, export, delete and re-sign sessions'
            cand cookie 'Read session cookies'
            cand purge 'Delete expired sessions'
            cand node 'Look at the servers'
            cand doctor 'Take one look at everything, and say what to do about it'
            cand key 'Make keys, and look at those in use'
            cand sandbox 'Run a throw-away cluster of real servers on this machine'
            cand config 'Make a configuration, and look at the one that holds'
            cand completions 'Write a completion script for a shell to standard output'
            cand generate 'Write man/ and completions/'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;migrate'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand status 'Show which migrations are applied and which are pending'
            cand plan 'Show the SQL of what is pending, and what the cluster will feel'
            cand up 'Apply what is pending'
            cand verify 'Compare every node''s schema with what is expected, and with the other nodes'
            cand adopt 'Record what the table has already, and run nothing'
            cand down 'Take migrations back'
            cand repair 'Make the history say what the table shows'
            cand unlock 'Free the lease of a runner that is gone'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;migrate;status'= {
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --check 'Exit with status 1 if anything is pending, 4 if the table cannot be migrated'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;plan'= {
            cand --to 'Go no further than the migration of this version'
            cand --dedupe 'Leave one row of each id that more than one row has: of those that have not expired the one modified last'
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --check 'Exit with status 1 if anything is pending'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;up'= {
            cand --wait 'Wait this long for a node that may take work (Primary, ready, Synced), for a database that is only just starting'
            cand --lock-timeout 'Wait this long while somebody else migrates'
            cand --confirm-above 'Ask before an existing table above this size is altered; `--yes` does not answer that'
            cand --to 'Go no further than the migration of this version'
            cand --dedupe 'Leave one row of each id that more than one row has: of those that have not expired the one modified last'
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show what would be done, and do nothing'
            cand --check 'With `--dry-run`, exit with status 1 if anything is pending'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;verify'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;adopt'= {
            cand --lock-timeout 'Wait this long while somebody else migrates'
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show what would be recorded, and write nothing'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;down'= {
            cand --to 'The version that stays as the last one; 0 for none [default: one step back]'
            cand --confirm 'The name of the table, to agree to the loss of all its sessions'
            cand --lock-timeout 'Wait this long while somebody else migrates'
            cand --confirm-above 'Ask before an existing table above this size is altered; `--yes` does not answer that'
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show what would be dropped, and do nothing'
            cand --force 'Drop the primary key or the table on a cluster too, and what csqlstore did not make'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;repair'= {
            cand --lock-timeout 'Wait this long while somebody else migrates'
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show what would be recorded, and write nothing'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;unlock'= {
            cand --lease 'Which lease: migrate, purge or rekey'
            cand --epoch 'Free the holding of this number, and no other, though its holder may be alive'
            cand --on 'Work on this node'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show who holds it, and free nothing'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;migrate;help'= {
            cand status 'Show which migrations are applied and which are pending'
            cand plan 'Show the SQL of what is pending, and what the cluster will feel'
            cand up 'Apply what is pending'
            cand verify 'Compare every node''s schema with what is expected, and with the other nodes'
            cand adopt 'Record what the table has already, and run nothing'
            cand down 'Take migrations back'
            cand repair 'Make the history say what the table shows'
            cand unlock 'Free the lease of a runner that is gone'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;migrate;help;status'= {
        }
        &'csqlstore;migrate;help;plan'= {
        }
        &'csqlstore;migrate;help;up'= {
        }
        &'csqlstore;migrate;help;verify'= {
        }
        &'csqlstore;migrate;help;adopt'= {
        }
        &'csqlstore;migrate;help;down'= {
        }
        &'csqlstore;migrate;help;repair'= {
        }
        &'csqlstore;migrate;help;unlock'= {
        }
        &'csqlstore;migrate;help;help'= {
        }
        &'csqlstore;event'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand install 'Install the cleanup event, or change it, or move it to another node'
            cand status 'Show whether expired sessions are being deleted'
            cand show 'Show the event in SQL: as the nodes store it, and as `install` would write it'
            cand remove 'Remove the event from every node'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;event;install'= {
            cand --every 'Run this often [default: as installed, else 1h]'
            cand --grace 'Keep sessions for this long after they expire [default: as installed, else 1h]'
            cand --batch 'Delete this many rows at a time [default: as installed, else 200]'
            cand --max-time 'End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]'
            cand --on 'Run it on this node [default: where it runs already, else a usable one whose scheduler is on]'
            cand --event 'The event''s name [default: csqlstore_purge_TABLE]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --keep-documented 'Leave the event of the Go package''s documentation where it is'
            cand --anew 'Write the event even if it is as it should be: it runs at once, and as this account'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;event;status'= {
            cand --event 'The event''s name [default: csqlstore_purge_TABLE, or whatever else cleans the table up]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --check 'Exit with status 1 if the cleanup does not work (which it does without this option, too)'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;event;show'= {
            cand --every 'Run this often [default: as installed, else 1h]'
            cand --grace 'Keep sessions for this long after they expire [default: as installed, else 1h]'
            cand --batch 'Delete this many rows at a time [default: as installed, else 200]'
            cand --max-time 'End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]'
            cand --event 'The event''s name [default: csqlstore_purge_TABLE]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;event;remove'= {
            cand --event 'The event''s name [default: csqlstore_purge_TABLE]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;event;help'= {
            cand install 'Install the cleanup event, or change it, or move it to another node'
            cand status 'Show whether expired sessions are being deleted'
            cand show 'Show the event in SQL: as the nodes store it, and as `install` would write it'
            cand remove 'Remove the event from every node'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;event;help;install'= {
        }
        &'csqlstore;event;help;status'= {
        }
        &'csqlstore;event;help;show'= {
        }
        &'csqlstore;event;help;remove'= {
        }
        &'csqlstore;event;help;help'= {
        }
        &'csqlstore;session'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand list 'List sessions, without looking at what they hold'
            cand show 'Show one session by its id: its state, and what it holds'
            cand find 'Find sessions by what they hold'
            cand stats 'Count sessions: by state, size, age and expiry, and by what they hold'
            cand export 'Write all sessions, one JSON object a line'
            cand delete 'Delete sessions: by their ids, or by what they hold'
            cand rekey 'Sign all live sessions anew, under the first key'
            cand decode 'Decode what a row holds in `data`, without a server'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;session;list'= {
            cand --limit 'List at most this many'
            cand --sort 'Which come first; all but `created` have the server look at every row'
            cand --since 'Only sessions that were written in this time until now'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --on 'Read on this node; if it is lost in the middle, any usable one takes over'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --active 'Only sessions that have not expired'
            cand --expired 'Only sessions that have expired'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;show'= {
            cand --on 'Ask this node'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --full 'Show long text, bytes and lists whole'
            cand --unverified 'Show what a value claims that does not verify, or for which there is no key'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;find'= {
            cand --since 'Only sessions that were written in this time until now'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --on 'Read on this node; if it is lost in the middle, any usable one takes over'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --active 'Only sessions that have not expired'
            cand --expired 'Only sessions that have expired'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;stats'= {
            cand --since 'Only sessions that were written in this time until now'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --on 'Read on this node; if it is lost in the middle, any usable one takes over'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --active 'Only sessions that have not expired'
            cand --expired 'Only sessions that have expired'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;export'= {
            cand --since 'Only sessions that were written in this time until now'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --on 'Read on this node; if it is lost in the middle, any usable one takes over'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --raw 'Write the data as it is stored, without opening it'
            cand --active 'Only sessions that have not expired'
            cand --expired 'Only sessions that have expired'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;delete'= {
            cand --where 'Delete sessions of which this holds: `KEY=VALUE`, `KEY<VALUE`, `KEY~REGEX`, `KEY exists`, … (several: all hold)'
            cand --batch 'Delete this many rows at a time [default: 50 to 1000, as fast as the server is]'
            cand --target 'Aim at batches that take this long'
            cand --since 'Only sessions that were written in this time until now'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --on 'Read on this node; if it is lost in the middle, any usable one takes over'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show what would go, and delete nothing'
            cand --without-key 'Delete from a table without any key too, a few rows at a time; every other node of a cluster then reads the whole table for each row'
            cand --active 'Only sessions that have not expired'
            cand --expired 'Only sessions that have expired'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;rekey'= {
            cand --batch 'Sign this many rows at a time [default: 50 to 1000, as fast as the server is]'
            cand --target 'Aim at batches that take this long'
            cand --on 'Start on this node; if it is lost, any usable one takes over'
            cand --wait 'Wait this long while somebody else signs anew'
            cand --max-length 'Leave sessions as they are that would grow beyond this; 0 for no limit'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Count the sessions by key, say in which order keys are changed, and change nothing'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;decode'= {
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --full 'Show long text, bytes and lists whole'
            cand --unverified 'Show what a value claims that does not verify, or for which there is no key'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;session;help'= {
            cand list 'List sessions, without looking at what they hold'
            cand show 'Show one session by its id: its state, and what it holds'
            cand find 'Find sessions by what they hold'
            cand stats 'Count sessions: by state, size, age and expiry, and by what they hold'
            cand export 'Write all sessions, one JSON object a line'
            cand delete 'Delete sessions: by their ids, or by what they hold'
            cand rekey 'Sign all live sessions anew, under the first key'
            cand decode 'Decode what a row holds in `data`, without a server'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;session;help;list'= {
        }
        &'csqlstore;session;help;show'= {
        }
        &'csqlstore;session;help;find'= {
        }
        &'csqlstore;session;help;stats'= {
        }
        &'csqlstore;session;help;export'= {
        }
        &'csqlstore;session;help;delete'= {
        }
        &'csqlstore;session;help;rekey'= {
        }
        &'csqlstore;session;help;decode'= {
        }
        &'csqlstore;session;help;help'= {
        }
        &'csqlstore;cookie'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand decode 'Decode a session cookie, and show the session that it belongs to'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;cookie;decode'= {
            cand --on 'Ask this node'
            cand --grace 'Call a session purgeable this long after it expired'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --max-age 'Refuse values signed longer ago than this; 0 for no limit'
            cand --max-length 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --offline 'Decode the cookie alone, and ask no server for its session'
            cand --full 'Show long text, bytes and lists whole'
            cand --unverified 'Show what a value claims that does not verify, or for which there is no key'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;cookie;help'= {
            cand decode 'Decode a session cookie, and show the session that it belongs to'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;cookie;help;decode'= {
        }
        &'csqlstore;cookie;help;help'= {
        }
        &'csqlstore;purge'= {
            cand --grace 'Keep sessions for this long after they expire'
            cand --batch 'Delete this many rows at a time [default: 50 to 1000, as fast as the server is]'
            cand --target 'Aim at batches that take this long'
            cand --max-rows 'Delete at most this many rows'
            cand --max-time 'Begin no further batch after this time'
            cand --on 'Start on this node; if it is lost, any usable one takes over'
            cand --wait 'Wait this long while somebody else purges'
            cand --pause-file 'Begin no batch while this file is there'
            cand --max-threads-running 'Wait while more statements than this run on a node'
            cand --max-lag 'Wait while a replica is further behind than this'
            cand --row-image 'What of a deleted row travels to the other nodes: its key alone (`minimal`), all of it (`full`), or its key where the account may ask for that (`auto`)'
            cand --metrics-file 'Write what was done as metrics for node_exporter''s textfile collector'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --if-free 'Exit with 0, having done nothing, if somebody else purges'
            cand --no-lease 'Purge without the lease: for an account that may not write `csqlstore_lease`; nothing then keeps a second purge out'
            cand --without-key 'Purge a table without any key too, a few rows at a time, where every other node of a cluster reads the whole table for each row; and one without an index on `expire_on`, where this node reads the whole table for each batch'
            cand --dry-run 'Count what would be deleted, and delete nothing'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;node'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand status 'Show which nodes may take sessions, and why the others may not'
            cand check 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus'
            cand watch 'Watch the nodes: a screen on a terminal, else lines'
            cand wait 'Wait until the nodes are as they should be'
            cand serve 'Answer over HTTP how the nodes are, from a look that goes on in the background'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;node;status'= {
            cand --on 'Show this node alone'
            cand --interval 'Look twice, this long apart, and say what counters grew by in between; `0s` looks once'
            cand --max-paused 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent'
            cand --max-queue 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]'
            cand --max-lag 'Degraded: a replica is further behind its source; one that is stopped is unusable'
            cand --max-latency 'Degraded: the shortest of five answers takes longer'
            cand --max-connections 'Degraded: this share of max_connections or more is taken, in percent'
            cand --max-clock-offset 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement'
            cand --min-certificate 'Notice certificates that are valid for less time than this'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --load 'Show how busy the nodes are too'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;node;check'= {
            cand --on 'Check this node alone'
            cand --expect 'Warn unless the cluster has this many members by its own count; half of them or fewer are critical'
            cand --expect-kind 'Be critical unless it is this: a node that came up without its cluster takes sessions that the others never see'
            cand --interval 'Look twice, this long apart, and say what counters grew by in between; `0s` looks once'
            cand --max-paused 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent'
            cand --max-queue 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]'
            cand --max-lag 'Degraded: a replica is further behind its source; one that is stopped is unusable'
            cand --max-latency 'Degraded: the shortest of five answers takes longer'
            cand --max-connections 'Degraded: this share of max_connections or more is taken, in percent'
            cand --max-clock-offset 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement'
            cand --min-certificate 'Notice certificates that are valid for less time than this'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;node;watch'= {
            cand --interval 'Look this often'
            cand --on 'Watch this node alone'
            cand --count 'End after so many looks'
            cand --max-time 'End after this time'
            cand --for 'End after this time'
            cand --max-paused 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent'
            cand --max-queue 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]'
            cand --max-lag 'Degraded: a replica is further behind its source; one that is stopped is unusable'
            cand --max-latency 'Degraded: the shortest of five answers takes longer'
            cand --max-connections 'Degraded: this share of max_connections or more is taken, in percent'
            cand --max-clock-offset 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement'
            cand --min-certificate 'Notice certificates that are valid for less time than this'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;node;wait'= {
            cand --for 'What to wait for: `usable`: a node may take sessions; `synced`: every node is well; `size=N`: the cluster counts N members'
            cand --on 'Look at this node alone'
            cand --max-time 'Give up after this time'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;node;serve'= {
            cand --listen 'Serve HTTP on this address'
            cand --agent-listen 'Serve HAProxy''s agent-check on this address: a client sends a node''s name and a line feed, and is sent a line'
            cand --every 'Look at every node this often'
            cand --max-age 'Take what was seen longer ago for nothing'
            cand --token-file 'Tell details to those alone who show the token that stands in this file (16 characters or more)'
            cand --on 'Look at this node alone'
            cand --max-paused 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent'
            cand --max-queue 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]'
            cand --max-lag 'Degraded: a replica is further behind its source; one that is stopped is unusable'
            cand --max-latency 'Degraded: the shortest of five answers takes longer'
            cand --max-connections 'Degraded: this share of max_connections or more is taken, in percent'
            cand --max-clock-offset 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement'
            cand --min-certificate 'Notice certificates that are valid for less time than this'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --public 'Allow an address that other machines reach'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;node;help'= {
            cand status 'Show which nodes may take sessions, and why the others may not'
            cand check 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus'
            cand watch 'Watch the nodes: a screen on a terminal, else lines'
            cand wait 'Wait until the nodes are as they should be'
            cand serve 'Answer over HTTP how the nodes are, from a look that goes on in the background'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;node;help;status'= {
        }
        &'csqlstore;node;help;check'= {
        }
        &'csqlstore;node;help;watch'= {
        }
        &'csqlstore;node;help;wait'= {
        }
        &'csqlstore;node;help;serve'= {
        }
        &'csqlstore;node;help;help'= {
        }
        &'csqlstore;doctor'= {
            cand --explain 'Explain a finding by its code, or list all codes; no server is asked'
            cand --only 'Show and judge nothing but these findings (repeatable, or separated by commas)'
            cand --skip 'Leave these findings out (repeatable, or separated by commas)'
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --name 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --strict 'Exit with status 1 for warnings too'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;key'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand generate 'Draw a pair of keys at random, and print it as a line of a keyring'
            cand check 'Say of each pair what it is, which one signs, and what is questionable about them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;key;generate'= {
            cand --block 'Draw a block key too, so that sessions are encrypted: of 32 bytes (AES-256), 24 or 16'
            cand --bytes 'The length of the hash key in bytes, 32 to 64'
            cand --out 'Write the line into this new file, which only you can read, and show no key'
            cand --append 'Append the line to this file, which keeps its mode, and show no key'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;key;check'= {
            cand --key-file 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;key;help'= {
            cand generate 'Draw a pair of keys at random, and print it as a line of a keyring'
            cand check 'Say of each pair what it is, which one signs, and what is questionable about them'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;key;help;generate'= {
        }
        &'csqlstore;key;help;check'= {
        }
        &'csqlstore;key;help;help'= {
        }
        &'csqlstore;sandbox'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand up 'Make a sandbox and start its nodes'
            cand status 'Show how the nodes are'
            cand stop 'Stop a node: it says good-bye to the others'
            cand start 'Start a node that does not run, or all of them'
            cand kill 'Kill a node''s server (SIGKILL), as a crash would'
            cand isolate 'Cut a node off from the others'
            cand down 'Kill all nodes and remove the directory with all data'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;sandbox;up'= {
            cand --engine 'What kind of servers'
            cand --server-root 'The folder of a MySQL server: packages unpacked below it, or one of MySQL''s own archives'
            cand --nodes 'How many nodes, 1 to 9 [default: 3, or 1 for standalone]'
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --base-port 'Take the ports from this one on, four for each node [default: free ones above 20000]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --multi-primary 'With group-replication: every member takes writes, not one primary alone'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;status'= {
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;stop'= {
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;start'= {
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;kill'= {
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;isolate'= {
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --heal 'Let it talk to the others again'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;down'= {
            cand --dir 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;sandbox;help'= {
            cand up 'Make a sandbox and start its nodes'
            cand status 'Show how the nodes are'
            cand stop 'Stop a node: it says good-bye to the others'
            cand start 'Start a node that does not run, or all of them'
            cand kill 'Kill a node''s server (SIGKILL), as a crash would'
            cand isolate 'Cut a node off from the others'
            cand down 'Kill all nodes and remove the directory with all data'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;sandbox;help;up'= {
        }
        &'csqlstore;sandbox;help;status'= {
        }
        &'csqlstore;sandbox;help;stop'= {
        }
        &'csqlstore;sandbox;help;start'= {
        }
        &'csqlstore;sandbox;help;kill'= {
        }
        &'csqlstore;sandbox;help;isolate'= {
        }
        &'csqlstore;sandbox;help;down'= {
        }
        &'csqlstore;sandbox;help;help'= {
        }
        &'csqlstore;config'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
            cand show 'Show every setting, and where it comes from'
            cand init 'Make a configuration file, step by step'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;config;show'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;config;init'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand --dry-run 'Show what would be written, and write nothing'
            cand --example 'Print an example with every setting explained, and ask nothing'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;config;help'= {
            cand show 'Show every setting, and where it comes from'
            cand init 'Make a configuration file, step by step'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;config;help;show'= {
        }
        &'csqlstore;config;help;init'= {
        }
        &'csqlstore;config;help;help'= {
        }
        &'csqlstore;completions'= {
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;generate'= {
            cand --into 'The folder that they are written into'
            cand --config 'Read this configuration file'
            cand --cluster 'Work on this cluster of the configuration file'
            cand --node 'Use this node, instead of those of the file (repeatable)'
            cand --table 'The name of the session table [default: session_cluster]'
            cand --format 'Write the answer in this form'
            cand --color 'When to use colours'
            cand --timeout 'How long to wait for a connection or a short answer [default: 3s]'
            cand -q 'Leave the human report out; errors are still shown'
            cand --quiet 'Leave the human report out; errors are still shown'
            cand -v 'Say more on standard error (twice: also where an error was made)'
            cand --verbose 'Say more on standard error (twice: also where an error was made)'
            cand --no-progress 'Show no progress bar'
            cand -y 'Answer yes to what would be asked'
            cand --yes 'Answer yes to what would be asked'
            cand -h 'Print help (see more with ''--help'')'
            cand --help 'Print help (see more with ''--help'')'
            cand -V 'Print version'
            cand --version 'Print version'
        }
        &'csqlstore;help'= {
            cand migrate 'Bring the session table''s schema to where it should be'
            cand event 'Let the servers delete expired sessions themselves'
            cand session 'List, read, find, count, export, delete and re-sign sessions'
            cand cookie 'Read session cookies'
            cand purge 'Delete expired sessions'
            cand node 'Look at the servers'
            cand doctor 'Take one look at everything, and say what to do about it'
            cand key 'Make keys, and look at those in use'
            cand sandbox 'Run a throw-away cluster of real servers on this machine'
            cand config 'Make a configuration, and look at the one that holds'
            cand completions 'Write a completion script for a shell to standard output'
            cand generate 'Write man/ and completions/'
            cand help 'Print this message or the help of the given subcommand(s)'
        }
        &'csqlstore;help;migrate'= {
            cand status 'Show which migrations are applied and which are pending'
            cand plan 'Show the SQL of what is pending, and what the cluster will feel'
            cand up 'Apply what is pending'
            cand verify 'Compare every node''s schema with what is expected, and with the other nodes'
            cand adopt 'Record what the table has already, and run nothing'
            cand down 'Take migrations back'
            cand repair 'Make the history say what the table shows'
            cand unlock 'Free the lease of a runner that is gone'
        }
        &'csqlstore;help;migrate;status'= {
        }
        &'csqlstore;help;migrate;plan'= {
        }
        &'csqlstore;help;migrate;up'= {
        }
        &'csqlstore;help;migrate;verify'= {
        }
        &'csqlstore;help;migrate;adopt'= {
        }
        &'csqlstore;help;migrate;down'= {
        }
        &'csqlstore;help;migrate;repair'= {
        }
        &'csqlstore;help;migrate;unlock'= {
        }
        &'csqlstore;help;event'= {
            cand install 'Install the cleanup event, or change it, or move it to another node'
            cand status 'Show whether expired sessions are being deleted'
            cand show 'Show the event in SQL: as the nodes store it, and as `install` would write it'
            cand remove 'Remove the event from every node'
        }
        &'csqlstore;help;event;install'= {
        }
        &'csqlstore;help;event;status'= {
        }
        &'csqlstore;help;event;show'= {
        }
        &'csqlstore;help;event;remove'= {
        }
        &'csqlstore;help;session'= {
            cand list 'List sessions, without looking at what they hold'
            cand show 'Show one session by its id: its state, and what it holds'
            cand find 'Find sessions by what they hold'
            cand stats 'Count sessions: by state, size, age and expiry, and by what they hold'
            cand export 'Write all sessions, one JSON object a line'
            cand delete 'Delete sessions: by their ids, or by what they hold'
            cand rekey 'Sign all live sessions anew, under the first key'
            cand decode 'Decode what a row holds in `data`, without a server'
        }
        &'csqlstore;help;session;list'= {
        }
        &'csqlstore;help;session;show'= {
        }
        &'csqlstore;help;session;find'= {
        }
        &'csqlstore;help;session;stats'= {
        }
        &'csqlstore;help;session;export'= {
        }
        &'csqlstore;help;session;delete'= {
        }
        &'csqlstore;help;session;rekey'= {
        }
        &'csqlstore;help;session;decode'= {
        }
        &'csqlstore;help;cookie'= {
            cand decode 'Decode a session cookie, and show the session that it belongs to'
        }
        &'csqlstore;help;cookie;decode'= {
        }
        &'csqlstore;help;purge'= {
        }
        &'csqlstore;help;node'= {
            cand status 'Show which nodes may take sessions, and why the others may not'
            cand check 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus'
            cand watch 'Watch the nodes: a screen on a terminal, else lines'
            cand wait 'Wait until the nodes are as they should be'
            cand serve 'Answer over HTTP how the nodes are, from a look that goes on in the background'
        }
        &'csqlstore;help;node;status'= {
        }
        &'csqlstore;help;node;check'= {
        }
        &'csqlstore;help;node;watch'= {
        }
        &'csqlstore;help;node;wait'= {
        }
        &'csqlstore;help;node;serve'= {
        }
        &'csqlstore;help;doctor'= {
        }
        &'csqlstore;help;key'= {
            cand generate 'Draw a pair of keys at random, and print it as a line of a keyring'
            cand check 'Say of each pair what it is, which one signs, and what is questionable about them'
        }
        &'csqlstore;help;key;generate'= {
        }
        &'csqlstore;help;key;check'= {
        }
        &'csqlstore;help;sandbox'= {
            cand up 'Make a sandbox and start its nodes'
            cand status 'Show how the nodes are'
            cand stop 'Stop a node: it says good-bye to the others'
            cand start 'Start a node that does not run, or all of them'
            cand kill 'Kill a node''s server (SIGKILL), as a crash would'
            cand isolate 'Cut a node off from the others'
            cand down 'Kill all nodes and remove the directory with all data'
        }
        &'csqlstore;help;sandbox;up'= {
        }
        &'csqlstore;help;sandbox;status'= {
        }
        &'csqlstore;help;sandbox;stop'= {
        }
        &'csqlstore;help;sandbox;start'= {
        }
        &'csqlstore;help;sandbox;kill'= {
        }
        &'csqlstore;help;sandbox;isolate'= {
        }
        &'csqlstore;help;sandbox;down'= {
        }
        &'csqlstore;help;config'= {
            cand show 'Show every setting, and where it comes from'
            cand init 'Make a configuration file, step by step'
        }
        &'csqlstore;help;config;show'= {
        }
        &'csqlstore;help;config;init'= {
        }
        &'csqlstore;help;completions'= {
        }
        &'csqlstore;help;generate'= {
        }
        &'csqlstore;help;help'= {
        }
    ]
    $completions[$command]
}
