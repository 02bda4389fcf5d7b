
using namespace System.Management.Automation
using namespace System.Management.Automation.Language

Register-ArgumentCompleter -Native -CommandName 'csqlstore' -ScriptBlock {
    param($wordToComplete, $commandAst, $cursorPosition)

    $commandElements = $commandAst.CommandElements
    $command = @(
        'csqlstore'
        for ($i = 1; $i -lt $commandElements.Count; $i++) {
            $element = $commandElements[$i]
            if ($element -isnot [StringConstantExpressionAst] -or
                $element.StringConstantType -ne [StringConstantType]::BareWord -or
                $element.Value.StartsWith('-') -or
                $element.Value -eq $wordToComplete) {
                break
        }
        $element.Value
    }) -join ';'

    $completions = @(switch ($command) {
        'csqlstore' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Bring the session table''s schema to where it should be')
            [CompletionResult]::new('event', 'event', [CompletionResultType]::ParameterValue, 'Let the servers delete expired sessions themselves')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'List, read, find, count, export, delete and re-sign sessions')
            [CompletionResult]::new('cookie', 'cookie', [CompletionResultType]::ParameterValue, 'Read session cookies')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Delete expired sessions')
            [CompletionResult]::new('node', 'node', [CompletionResultType]::ParameterValue, 'Look at the servers')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Take one look at everything, and say what to do about it')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys, and look at those in use')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a throw-away cluster of real servers on this machine')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Make a configuration, and look at the one that holds')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write a completion script for a shell to standard output')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write man/ and completions/')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;migrate' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which migrations are applied and which are pending')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show the SQL of what is pending, and what the cluster will feel')
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'Apply what is pending')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare every node''s schema with what is expected, and with the other nodes')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Record what the table has already, and run nothing')
            [CompletionResult]::new('down', 'down', [CompletionResultType]::ParameterValue, 'Take migrations back')
            [CompletionResult]::new('repair', 'repair', [CompletionResultType]::ParameterValue, 'Make the history say what the table shows')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Free the lease of a runner that is gone')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;migrate;status' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with status 1 if anything is pending, 4 if the table cannot be migrated')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;plan' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Go no further than the migration of this version')
            [CompletionResult]::new('--dedupe', '--dedupe', [CompletionResultType]::ParameterName, 'Leave one row of each id that more than one row has: of those that have not expired the one modified last')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with status 1 if anything is pending')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;up' {
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait this long for a node that may take work (Primary, ready, Synced), for a database that is only just starting')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Wait this long while somebody else migrates')
            [CompletionResult]::new('--confirm-above', '--confirm-above', [CompletionResultType]::ParameterName, 'Ask before an existing table above this size is altered; `--yes` does not answer that')
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'Go no further than the migration of this version')
            [CompletionResult]::new('--dedupe', '--dedupe', [CompletionResultType]::ParameterName, 'Leave one row of each id that more than one row has: of those that have not expired the one modified last')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be done, and do nothing')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'With `--dry-run`, exit with status 1 if anything is pending')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;verify' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;adopt' {
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Wait this long while somebody else migrates')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be recorded, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;down' {
            [CompletionResult]::new('--to', '--to', [CompletionResultType]::ParameterName, 'The version that stays as the last one; 0 for none [default: one step back]')
            [CompletionResult]::new('--confirm', '--confirm', [CompletionResultType]::ParameterName, 'The name of the table, to agree to the loss of all its sessions')
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Wait this long while somebody else migrates')
            [CompletionResult]::new('--confirm-above', '--confirm-above', [CompletionResultType]::ParameterName, 'Ask before an existing table above this size is altered; `--yes` does not answer that')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be dropped, and do nothing')
            [CompletionResult]::new('--force', '--force', [CompletionResultType]::ParameterName, 'Drop the primary key or the table on a cluster too, and what csqlstore did not make')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;repair' {
            [CompletionResult]::new('--lock-timeout', '--lock-timeout', [CompletionResultType]::ParameterName, 'Wait this long while somebody else migrates')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be recorded, and write nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;unlock' {
            [CompletionResult]::new('--lease', '--lease', [CompletionResultType]::ParameterName, 'Which lease: migrate, purge or rekey')
            [CompletionResult]::new('--epoch', '--epoch', [CompletionResultType]::ParameterName, 'Free the holding of this number, and no other, though its holder may be alive')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Work on this node')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show who holds it, and free nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;migrate;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which migrations are applied and which are pending')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show the SQL of what is pending, and what the cluster will feel')
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'Apply what is pending')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare every node''s schema with what is expected, and with the other nodes')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Record what the table has already, and run nothing')
            [CompletionResult]::new('down', 'down', [CompletionResultType]::ParameterValue, 'Take migrations back')
            [CompletionResult]::new('repair', 'repair', [CompletionResultType]::ParameterValue, 'Make the history say what the table shows')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Free the lease of a runner that is gone')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;migrate;help;status' {
            break
        }
        'csqlstore;migrate;help;plan' {
            break
        }
        'csqlstore;migrate;help;up' {
            break
        }
        'csqlstore;migrate;help;verify' {
            break
        }
        'csqlstore;migrate;help;adopt' {
            break
        }
        'csqlstore;migrate;help;down' {
            break
        }
        'csqlstore;migrate;help;repair' {
            break
        }
        'csqlstore;migrate;help;unlock' {
            break
        }
        'csqlstore;migrate;help;help' {
            break
        }
        'csqlstore;event' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install the cleanup event, or change it, or move it to another node')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether expired sessions are being deleted')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the event in SQL: as the nodes store it, and as `install` would write it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove the event from every node')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;event;install' {
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Run this often [default: as installed, else 1h]')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Keep sessions for this long after they expire [default: as installed, else 1h]')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Delete this many rows at a time [default: as installed, else 200]')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Run it on this node [default: where it runs already, else a usable one whose scheduler is on]')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event''s name [default: csqlstore_purge_TABLE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--keep-documented', '--keep-documented', [CompletionResultType]::ParameterName, 'Leave the event of the Go package''s documentation where it is')
            [CompletionResult]::new('--anew', '--anew', [CompletionResultType]::ParameterName, 'Write the event even if it is as it should be: it runs at once, and as this account')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;event;status' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event''s name [default: csqlstore_purge_TABLE, or whatever else cleans the table up]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--check', '--check', [CompletionResultType]::ParameterName, 'Exit with status 1 if the cleanup does not work (which it does without this option, too)')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;event;show' {
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Run this often [default: as installed, else 1h]')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Keep sessions for this long after they expire [default: as installed, else 1h]')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Delete this many rows at a time [default: as installed, else 200]')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'End a run after this long; the next one goes on [default: as installed, else half of --every, at most 10m]')
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event''s name [default: csqlstore_purge_TABLE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;event;remove' {
            [CompletionResult]::new('--event', '--event', [CompletionResultType]::ParameterName, 'The event''s name [default: csqlstore_purge_TABLE]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;event;help' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install the cleanup event, or change it, or move it to another node')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether expired sessions are being deleted')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the event in SQL: as the nodes store it, and as `install` would write it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove the event from every node')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;event;help;install' {
            break
        }
        'csqlstore;event;help;status' {
            break
        }
        'csqlstore;event;help;show' {
            break
        }
        'csqlstore;event;help;remove' {
            break
        }
        'csqlstore;event;help;help' {
            break
        }
        'csqlstore;session' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, without looking at what they hold')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one session by its id: its state, and what it holds')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find sessions by what they hold')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count sessions: by state, size, age and expiry, and by what they hold')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all sessions, one JSON object a line')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete sessions: by their ids, or by what they hold')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Sign all live sessions anew, under the first key')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode what a row holds in `data`, without a server')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;session;list' {
            [CompletionResult]::new('--limit', '--limit', [CompletionResultType]::ParameterName, 'List at most this many')
            [CompletionResult]::new('--sort', '--sort', [CompletionResultType]::ParameterName, 'Which come first; all but `created` have the server look at every row')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only sessions that were written in this time until now')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Read on this node; if it is lost in the middle, any usable one takes over')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only sessions that have not expired')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only sessions that have expired')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;show' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Ask this node')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long text, bytes and lists whole')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'Show what a value claims that does not verify, or for which there is no key')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;find' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only sessions that were written in this time until now')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Read on this node; if it is lost in the middle, any usable one takes over')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only sessions that have not expired')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only sessions that have expired')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;stats' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only sessions that were written in this time until now')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Read on this node; if it is lost in the middle, any usable one takes over')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only sessions that have not expired')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only sessions that have expired')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;export' {
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only sessions that were written in this time until now')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Read on this node; if it is lost in the middle, any usable one takes over')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--raw', '--raw', [CompletionResultType]::ParameterName, 'Write the data as it is stored, without opening it')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only sessions that have not expired')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only sessions that have expired')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;delete' {
            [CompletionResult]::new('--where', '--where', [CompletionResultType]::ParameterName, 'Delete sessions of which this holds: `KEY=VALUE`, `KEY<VALUE`, `KEY~REGEX`, `KEY exists`, … (several: all hold)')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Delete this many rows at a time [default: 50 to 1000, as fast as the server is]')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'Aim at batches that take this long')
            [CompletionResult]::new('--since', '--since', [CompletionResultType]::ParameterName, 'Only sessions that were written in this time until now')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Read on this node; if it is lost in the middle, any usable one takes over')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would go, and delete nothing')
            [CompletionResult]::new('--without-key', '--without-key', [CompletionResultType]::ParameterName, 'Delete from a table without any key too, a few rows at a time; every other node of a cluster then reads the whole table for each row')
            [CompletionResult]::new('--active', '--active', [CompletionResultType]::ParameterName, 'Only sessions that have not expired')
            [CompletionResult]::new('--expired', '--expired', [CompletionResultType]::ParameterName, 'Only sessions that have expired')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;rekey' {
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Sign this many rows at a time [default: 50 to 1000, as fast as the server is]')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'Aim at batches that take this long')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Start on this node; if it is lost, any usable one takes over')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait this long while somebody else signs anew')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Leave sessions as they are that would grow beyond this; 0 for no limit')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Count the sessions by key, say in which order keys are changed, and change nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;decode' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long text, bytes and lists whole')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'Show what a value claims that does not verify, or for which there is no key')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;session;help' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, without looking at what they hold')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one session by its id: its state, and what it holds')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find sessions by what they hold')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count sessions: by state, size, age and expiry, and by what they hold')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all sessions, one JSON object a line')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete sessions: by their ids, or by what they hold')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Sign all live sessions anew, under the first key')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode what a row holds in `data`, without a server')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;session;help;list' {
            break
        }
        'csqlstore;session;help;show' {
            break
        }
        'csqlstore;session;help;find' {
            break
        }
        'csqlstore;session;help;stats' {
            break
        }
        'csqlstore;session;help;export' {
            break
        }
        'csqlstore;session;help;delete' {
            break
        }
        'csqlstore;session;help;rekey' {
            break
        }
        'csqlstore;session;help;decode' {
            break
        }
        'csqlstore;session;help;help' {
            break
        }
        'csqlstore;cookie' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode a session cookie, and show the session that it belongs to')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;cookie;decode' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Ask this node')
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Call a session purgeable this long after it expired')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Refuse values signed longer ago than this; 0 for no limit')
            [CompletionResult]::new('--max-length', '--max-length', [CompletionResultType]::ParameterName, 'Refuse longer values, as gorilla does above 4096 bytes [default: no limit]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--offline', '--offline', [CompletionResultType]::ParameterName, 'Decode the cookie alone, and ask no server for its session')
            [CompletionResult]::new('--full', '--full', [CompletionResultType]::ParameterName, 'Show long text, bytes and lists whole')
            [CompletionResult]::new('--unverified', '--unverified', [CompletionResultType]::ParameterName, 'Show what a value claims that does not verify, or for which there is no key')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;cookie;help' {
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode a session cookie, and show the session that it belongs to')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;cookie;help;decode' {
            break
        }
        'csqlstore;cookie;help;help' {
            break
        }
        'csqlstore;purge' {
            [CompletionResult]::new('--grace', '--grace', [CompletionResultType]::ParameterName, 'Keep sessions for this long after they expire')
            [CompletionResult]::new('--batch', '--batch', [CompletionResultType]::ParameterName, 'Delete this many rows at a time [default: 50 to 1000, as fast as the server is]')
            [CompletionResult]::new('--target', '--target', [CompletionResultType]::ParameterName, 'Aim at batches that take this long')
            [CompletionResult]::new('--max-rows', '--max-rows', [CompletionResultType]::ParameterName, 'Delete at most this many rows')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Begin no further batch after this time')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Start on this node; if it is lost, any usable one takes over')
            [CompletionResult]::new('--wait', '--wait', [CompletionResultType]::ParameterName, 'Wait this long while somebody else purges')
            [CompletionResult]::new('--pause-file', '--pause-file', [CompletionResultType]::ParameterName, 'Begin no batch while this file is there')
            [CompletionResult]::new('--max-threads-running', '--max-threads-running', [CompletionResultType]::ParameterName, 'Wait while more statements than this run on a node')
            [CompletionResult]::new('--max-lag', '--max-lag', [CompletionResultType]::ParameterName, 'Wait while a replica is further behind than this')
            [CompletionResult]::new('--row-image', '--row-image', [CompletionResultType]::ParameterName, 'What of a deleted row travels to the other nodes: its key alone (`minimal`), all of it (`full`), or its key where the account may ask for that (`auto`)')
            [CompletionResult]::new('--metrics-file', '--metrics-file', [CompletionResultType]::ParameterName, 'Write what was done as metrics for node_exporter''s textfile collector')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--if-free', '--if-free', [CompletionResultType]::ParameterName, 'Exit with 0, having done nothing, if somebody else purges')
            [CompletionResult]::new('--no-lease', '--no-lease', [CompletionResultType]::ParameterName, 'Purge without the lease: for an account that may not write `csqlstore_lease`; nothing then keeps a second purge out')
            [CompletionResult]::new('--without-key', '--without-key', [CompletionResultType]::ParameterName, 'Purge a table without any key too, a few rows at a time, where every other node of a cluster reads the whole table for each row; and one without an index on `expire_on`, where this node reads the whole table for each batch')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Count what would be deleted, and delete nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;node' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which nodes may take sessions, and why the others may not')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch the nodes: a screen on a terminal, else lines')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until the nodes are as they should be')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer over HTTP how the nodes are, from a look that goes on in the background')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;node;status' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Show this node alone')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Look twice, this long apart, and say what counters grew by in between; `0s` looks once')
            [CompletionResult]::new('--max-paused', '--max-paused', [CompletionResultType]::ParameterName, 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent')
            [CompletionResult]::new('--max-queue', '--max-queue', [CompletionResultType]::ParameterName, 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]')
            [CompletionResult]::new('--max-lag', '--max-lag', [CompletionResultType]::ParameterName, 'Degraded: a replica is further behind its source; one that is stopped is unusable')
            [CompletionResult]::new('--max-latency', '--max-latency', [CompletionResultType]::ParameterName, 'Degraded: the shortest of five answers takes longer')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Degraded: this share of max_connections or more is taken, in percent')
            [CompletionResult]::new('--max-clock-offset', '--max-clock-offset', [CompletionResultType]::ParameterName, 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement')
            [CompletionResult]::new('--min-certificate', '--min-certificate', [CompletionResultType]::ParameterName, 'Notice certificates that are valid for less time than this')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--load', '--load', [CompletionResultType]::ParameterName, 'Show how busy the nodes are too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;node;check' {
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Check this node alone')
            [CompletionResult]::new('--expect', '--expect', [CompletionResultType]::ParameterName, 'Warn unless the cluster has this many members by its own count; half of them or fewer are critical')
            [CompletionResult]::new('--expect-kind', '--expect-kind', [CompletionResultType]::ParameterName, 'Be critical unless it is this: a node that came up without its cluster takes sessions that the others never see')
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Look twice, this long apart, and say what counters grew by in between; `0s` looks once')
            [CompletionResult]::new('--max-paused', '--max-paused', [CompletionResultType]::ParameterName, 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent')
            [CompletionResult]::new('--max-queue', '--max-queue', [CompletionResultType]::ParameterName, 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]')
            [CompletionResult]::new('--max-lag', '--max-lag', [CompletionResultType]::ParameterName, 'Degraded: a replica is further behind its source; one that is stopped is unusable')
            [CompletionResult]::new('--max-latency', '--max-latency', [CompletionResultType]::ParameterName, 'Degraded: the shortest of five answers takes longer')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Degraded: this share of max_connections or more is taken, in percent')
            [CompletionResult]::new('--max-clock-offset', '--max-clock-offset', [CompletionResultType]::ParameterName, 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement')
            [CompletionResult]::new('--min-certificate', '--min-certificate', [CompletionResultType]::ParameterName, 'Notice certificates that are valid for less time than this')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;node;watch' {
            [CompletionResult]::new('--interval', '--interval', [CompletionResultType]::ParameterName, 'Look this often')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Watch this node alone')
            [CompletionResult]::new('--count', '--count', [CompletionResultType]::ParameterName, 'End after so many looks')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'End after this time')
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'End after this time')
            [CompletionResult]::new('--max-paused', '--max-paused', [CompletionResultType]::ParameterName, 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent')
            [CompletionResult]::new('--max-queue', '--max-queue', [CompletionResultType]::ParameterName, 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]')
            [CompletionResult]::new('--max-lag', '--max-lag', [CompletionResultType]::ParameterName, 'Degraded: a replica is further behind its source; one that is stopped is unusable')
            [CompletionResult]::new('--max-latency', '--max-latency', [CompletionResultType]::ParameterName, 'Degraded: the shortest of five answers takes longer')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Degraded: this share of max_connections or more is taken, in percent')
            [CompletionResult]::new('--max-clock-offset', '--max-clock-offset', [CompletionResultType]::ParameterName, 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement')
            [CompletionResult]::new('--min-certificate', '--min-certificate', [CompletionResultType]::ParameterName, 'Notice certificates that are valid for less time than this')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;node;wait' {
            [CompletionResult]::new('--for', '--for', [CompletionResultType]::ParameterName, 'What to wait for: `usable`: a node may take sessions; `synced`: every node is well; `size=N`: the cluster counts N members')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Look at this node alone')
            [CompletionResult]::new('--max-time', '--max-time', [CompletionResultType]::ParameterName, 'Give up after this time')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;node;serve' {
            [CompletionResult]::new('--listen', '--listen', [CompletionResultType]::ParameterName, 'Serve HTTP on this address')
            [CompletionResult]::new('--agent-listen', '--agent-listen', [CompletionResultType]::ParameterName, 'Serve HAProxy''s agent-check on this address: a client sends a node''s name and a line feed, and is sent a line')
            [CompletionResult]::new('--every', '--every', [CompletionResultType]::ParameterName, 'Look at every node this often')
            [CompletionResult]::new('--max-age', '--max-age', [CompletionResultType]::ParameterName, 'Take what was seen longer ago for nothing')
            [CompletionResult]::new('--token-file', '--token-file', [CompletionResultType]::ParameterName, 'Tell details to those alone who show the token that stands in this file (16 characters or more)')
            [CompletionResult]::new('--on', '--on', [CompletionResultType]::ParameterName, 'Look at this node alone')
            [CompletionResult]::new('--max-paused', '--max-paused', [CompletionResultType]::ParameterName, 'Degraded: flow control pauses a node''s writes for a larger share of the interval, in percent')
            [CompletionResult]::new('--max-queue', '--max-queue', [CompletionResultType]::ParameterName, 'Degraded: as many write sets or more wait in a node''s receive queue [default: its own gcs.fc_limit]')
            [CompletionResult]::new('--max-lag', '--max-lag', [CompletionResultType]::ParameterName, 'Degraded: a replica is further behind its source; one that is stopped is unusable')
            [CompletionResult]::new('--max-latency', '--max-latency', [CompletionResultType]::ParameterName, 'Degraded: the shortest of five answers takes longer')
            [CompletionResult]::new('--max-connections', '--max-connections', [CompletionResultType]::ParameterName, 'Degraded: this share of max_connections or more is taken, in percent')
            [CompletionResult]::new('--max-clock-offset', '--max-clock-offset', [CompletionResultType]::ParameterName, 'Notice clocks that are further apart, from each other and from this machine''s, beyond the error of measurement')
            [CompletionResult]::new('--min-certificate', '--min-certificate', [CompletionResultType]::ParameterName, 'Notice certificates that are valid for less time than this')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--public', '--public', [CompletionResultType]::ParameterName, 'Allow an address that other machines reach')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;node;help' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which nodes may take sessions, and why the others may not')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch the nodes: a screen on a terminal, else lines')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until the nodes are as they should be')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer over HTTP how the nodes are, from a look that goes on in the background')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;node;help;status' {
            break
        }
        'csqlstore;node;help;check' {
            break
        }
        'csqlstore;node;help;watch' {
            break
        }
        'csqlstore;node;help;wait' {
            break
        }
        'csqlstore;node;help;serve' {
            break
        }
        'csqlstore;node;help;help' {
            break
        }
        'csqlstore;doctor' {
            [CompletionResult]::new('--explain', '--explain', [CompletionResultType]::ParameterName, 'Explain a finding by its code, or list all codes; no server is asked')
            [CompletionResult]::new('--only', '--only', [CompletionResultType]::ParameterName, 'Show and judge nothing but these findings (repeatable, or separated by commas)')
            [CompletionResult]::new('--skip', '--skip', [CompletionResultType]::ParameterName, 'Leave these findings out (repeatable, or separated by commas)')
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--name', '--name', [CompletionResultType]::ParameterName, 'Verify under this session name, which is the cookie''s name (repeatable) [default: $CSQLSTORE_NAMES or the configuration''s names]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--strict', '--strict', [CompletionResultType]::ParameterName, 'Exit with status 1 for warnings too')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;key' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Draw a pair of keys at random, and print it as a line of a keyring')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say of each pair what it is, which one signs, and what is questionable about them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;key;generate' {
            [CompletionResult]::new('--block', '--block', [CompletionResultType]::ParameterName, 'Draw a block key too, so that sessions are encrypted: of 32 bytes (AES-256), 24 or 16')
            [CompletionResult]::new('--bytes', '--bytes', [CompletionResultType]::ParameterName, 'The length of the hash key in bytes, 32 to 64')
            [CompletionResult]::new('--out', '--out', [CompletionResultType]::ParameterName, 'Write the line into this new file, which only you can read, and show no key')
            [CompletionResult]::new('--append', '--append', [CompletionResultType]::ParameterName, 'Append the line to this file, which keeps its mode, and show no key')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;key;check' {
            [CompletionResult]::new('--key-file', '--key-file', [CompletionResultType]::ParameterName, 'Read keys from this file (repeatable) [default: $CSQLSTORE_KEYS, the configuration''s key_file, or asked for]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;key;help' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Draw a pair of keys at random, and print it as a line of a keyring')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say of each pair what it is, which one signs, and what is questionable about them')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;key;help;generate' {
            break
        }
        'csqlstore;key;help;check' {
            break
        }
        'csqlstore;key;help;help' {
            break
        }
        'csqlstore;sandbox' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'Make a sandbox and start its nodes')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how the nodes are')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop a node: it says good-bye to the others')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start a node that does not run, or all of them')
            [CompletionResult]::new('kill', 'kill', [CompletionResultType]::ParameterValue, 'Kill a node''s server (SIGKILL), as a crash would')
            [CompletionResult]::new('isolate', 'isolate', [CompletionResultType]::ParameterValue, 'Cut a node off from the others')
            [CompletionResult]::new('down', 'down', [CompletionResultType]::ParameterValue, 'Kill all nodes and remove the directory with all data')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;sandbox;up' {
            [CompletionResult]::new('--engine', '--engine', [CompletionResultType]::ParameterName, 'What kind of servers')
            [CompletionResult]::new('--server-root', '--server-root', [CompletionResultType]::ParameterName, 'The folder of a MySQL server: packages unpacked below it, or one of MySQL''s own archives')
            [CompletionResult]::new('--nodes', '--nodes', [CompletionResultType]::ParameterName, 'How many nodes, 1 to 9 [default: 3, or 1 for standalone]')
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--base-port', '--base-port', [CompletionResultType]::ParameterName, 'Take the ports from this one on, four for each node [default: free ones above 20000]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--multi-primary', '--multi-primary', [CompletionResultType]::ParameterName, 'With group-replication: every member takes writes, not one primary alone')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;status' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;stop' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;start' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;kill' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;isolate' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--heal', '--heal', [CompletionResultType]::ParameterName, 'Let it talk to the others again')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;down' {
            [CompletionResult]::new('--dir', '--dir', [CompletionResultType]::ParameterName, 'The sandbox''s directory [default: /tmp/csqlstore-sandbox-UID]')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;sandbox;help' {
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'Make a sandbox and start its nodes')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how the nodes are')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop a node: it says good-bye to the others')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start a node that does not run, or all of them')
            [CompletionResult]::new('kill', 'kill', [CompletionResultType]::ParameterValue, 'Kill a node''s server (SIGKILL), as a crash would')
            [CompletionResult]::new('isolate', 'isolate', [CompletionResultType]::ParameterValue, 'Cut a node off from the others')
            [CompletionResult]::new('down', 'down', [CompletionResultType]::ParameterValue, 'Kill all nodes and remove the directory with all data')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;sandbox;help;up' {
            break
        }
        'csqlstore;sandbox;help;status' {
            break
        }
        'csqlstore;sandbox;help;stop' {
            break
        }
        'csqlstore;sandbox;help;start' {
            break
        }
        'csqlstore;sandbox;help;kill' {
            break
        }
        'csqlstore;sandbox;help;isolate' {
            break
        }
        'csqlstore;sandbox;help;down' {
            break
        }
        'csqlstore;sandbox;help;help' {
            break
        }
        'csqlstore;config' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting, and where it comes from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a configuration file, step by step')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;config;show' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;config;init' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('--dry-run', '--dry-run', [CompletionResultType]::ParameterName, 'Show what would be written, and write nothing')
            [CompletionResult]::new('--example', '--example', [CompletionResultType]::ParameterName, 'Print an example with every setting explained, and ask nothing')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;config;help' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting, and where it comes from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a configuration file, step by step')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;config;help;show' {
            break
        }
        'csqlstore;config;help;init' {
            break
        }
        'csqlstore;config;help;help' {
            break
        }
        'csqlstore;completions' {
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;generate' {
            [CompletionResult]::new('--into', '--into', [CompletionResultType]::ParameterName, 'The folder that they are written into')
            [CompletionResult]::new('--config', '--config', [CompletionResultType]::ParameterName, 'Read this configuration file')
            [CompletionResult]::new('--cluster', '--cluster', [CompletionResultType]::ParameterName, 'Work on this cluster of the configuration file')
            [CompletionResult]::new('--node', '--node', [CompletionResultType]::ParameterName, 'Use this node, instead of those of the file (repeatable)')
            [CompletionResult]::new('--table', '--table', [CompletionResultType]::ParameterName, 'The name of the session table [default: session_cluster]')
            [CompletionResult]::new('--format', '--format', [CompletionResultType]::ParameterName, 'Write the answer in this form')
            [CompletionResult]::new('--color', '--color', [CompletionResultType]::ParameterName, 'When to use colours')
            [CompletionResult]::new('--timeout', '--timeout', [CompletionResultType]::ParameterName, 'How long to wait for a connection or a short answer [default: 3s]')
            [CompletionResult]::new('-q', '-q', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('--quiet', '--quiet', [CompletionResultType]::ParameterName, 'Leave the human report out; errors are still shown')
            [CompletionResult]::new('-v', '-v', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--verbose', '--verbose', [CompletionResultType]::ParameterName, 'Say more on standard error (twice: also where an error was made)')
            [CompletionResult]::new('--no-progress', '--no-progress', [CompletionResultType]::ParameterName, 'Show no progress bar')
            [CompletionResult]::new('-y', '-y', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('--yes', '--yes', [CompletionResultType]::ParameterName, 'Answer yes to what would be asked')
            [CompletionResult]::new('-h', '-h', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('--help', '--help', [CompletionResultType]::ParameterName, 'Print help (see more with ''--help'')')
            [CompletionResult]::new('-V', '-V ', [CompletionResultType]::ParameterName, 'Print version')
            [CompletionResult]::new('--version', '--version', [CompletionResultType]::ParameterName, 'Print version')
            break
        }
        'csqlstore;help' {
            [CompletionResult]::new('migrate', 'migrate', [CompletionResultType]::ParameterValue, 'Bring the session table''s schema to where it should be')
            [CompletionResult]::new('event', 'event', [CompletionResultType]::ParameterValue, 'Let the servers delete expired sessions themselves')
            [CompletionResult]::new('session', 'session', [CompletionResultType]::ParameterValue, 'List, read, find, count, export, delete and re-sign sessions')
            [CompletionResult]::new('cookie', 'cookie', [CompletionResultType]::ParameterValue, 'Read session cookies')
            [CompletionResult]::new('purge', 'purge', [CompletionResultType]::ParameterValue, 'Delete expired sessions')
            [CompletionResult]::new('node', 'node', [CompletionResultType]::ParameterValue, 'Look at the servers')
            [CompletionResult]::new('doctor', 'doctor', [CompletionResultType]::ParameterValue, 'Take one look at everything, and say what to do about it')
            [CompletionResult]::new('key', 'key', [CompletionResultType]::ParameterValue, 'Make keys, and look at those in use')
            [CompletionResult]::new('sandbox', 'sandbox', [CompletionResultType]::ParameterValue, 'Run a throw-away cluster of real servers on this machine')
            [CompletionResult]::new('config', 'config', [CompletionResultType]::ParameterValue, 'Make a configuration, and look at the one that holds')
            [CompletionResult]::new('completions', 'completions', [CompletionResultType]::ParameterValue, 'Write a completion script for a shell to standard output')
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Write man/ and completions/')
            [CompletionResult]::new('help', 'help', [CompletionResultType]::ParameterValue, 'Print this message or the help of the given subcommand(s)')
            break
        }
        'csqlstore;help;migrate' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which migrations are applied and which are pending')
            [CompletionResult]::new('plan', 'plan', [CompletionResultType]::ParameterValue, 'Show the SQL of what is pending, and what the cluster will feel')
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'Apply what is pending')
            [CompletionResult]::new('verify', 'verify', [CompletionResultType]::ParameterValue, 'Compare every node''s schema with what is expected, and with the other nodes')
            [CompletionResult]::new('adopt', 'adopt', [CompletionResultType]::ParameterValue, 'Record what the table has already, and run nothing')
            [CompletionResult]::new('down', 'down', [CompletionResultType]::ParameterValue, 'Take migrations back')
            [CompletionResult]::new('repair', 'repair', [CompletionResultType]::ParameterValue, 'Make the history say what the table shows')
            [CompletionResult]::new('unlock', 'unlock', [CompletionResultType]::ParameterValue, 'Free the lease of a runner that is gone')
            break
        }
        'csqlstore;help;migrate;status' {
            break
        }
        'csqlstore;help;migrate;plan' {
            break
        }
        'csqlstore;help;migrate;up' {
            break
        }
        'csqlstore;help;migrate;verify' {
            break
        }
        'csqlstore;help;migrate;adopt' {
            break
        }
        'csqlstore;help;migrate;down' {
            break
        }
        'csqlstore;help;migrate;repair' {
            break
        }
        'csqlstore;help;migrate;unlock' {
            break
        }
        'csqlstore;help;event' {
            [CompletionResult]::new('install', 'install', [CompletionResultType]::ParameterValue, 'Install the cleanup event, or change it, or move it to another node')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show whether expired sessions are being deleted')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show the event in SQL: as the nodes store it, and as `install` would write it')
            [CompletionResult]::new('remove', 'remove', [CompletionResultType]::ParameterValue, 'Remove the event from every node')
            break
        }
        'csqlstore;help;event;install' {
            break
        }
        'csqlstore;help;event;status' {
            break
        }
        'csqlstore;help;event;show' {
            break
        }
        'csqlstore;help;event;remove' {
            break
        }
        'csqlstore;help;session' {
            [CompletionResult]::new('list', 'list', [CompletionResultType]::ParameterValue, 'List sessions, without looking at what they hold')
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show one session by its id: its state, and what it holds')
            [CompletionResult]::new('find', 'find', [CompletionResultType]::ParameterValue, 'Find sessions by what they hold')
            [CompletionResult]::new('stats', 'stats', [CompletionResultType]::ParameterValue, 'Count sessions: by state, size, age and expiry, and by what they hold')
            [CompletionResult]::new('export', 'export', [CompletionResultType]::ParameterValue, 'Write all sessions, one JSON object a line')
            [CompletionResult]::new('delete', 'delete', [CompletionResultType]::ParameterValue, 'Delete sessions: by their ids, or by what they hold')
            [CompletionResult]::new('rekey', 'rekey', [CompletionResultType]::ParameterValue, 'Sign all live sessions anew, under the first key')
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode what a row holds in `data`, without a server')
            break
        }
        'csqlstore;help;session;list' {
            break
        }
        'csqlstore;help;session;show' {
            break
        }
        'csqlstore;help;session;find' {
            break
        }
        'csqlstore;help;session;stats' {
            break
        }
        'csqlstore;help;session;export' {
            break
        }
        'csqlstore;help;session;delete' {
            break
        }
        'csqlstore;help;session;rekey' {
            break
        }
        'csqlstore;help;session;decode' {
            break
        }
        'csqlstore;help;cookie' {
            [CompletionResult]::new('decode', 'decode', [CompletionResultType]::ParameterValue, 'Decode a session cookie, and show the session that it belongs to')
            break
        }
        'csqlstore;help;cookie;decode' {
            break
        }
        'csqlstore;help;purge' {
            break
        }
        'csqlstore;help;node' {
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show which nodes may take sessions, and why the others may not')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say in one word how the nodes are, for Nagios, HAProxy or Prometheus')
            [CompletionResult]::new('watch', 'watch', [CompletionResultType]::ParameterValue, 'Watch the nodes: a screen on a terminal, else lines')
            [CompletionResult]::new('wait', 'wait', [CompletionResultType]::ParameterValue, 'Wait until the nodes are as they should be')
            [CompletionResult]::new('serve', 'serve', [CompletionResultType]::ParameterValue, 'Answer over HTTP how the nodes are, from a look that goes on in the background')
            break
        }
        'csqlstore;help;node;status' {
            break
        }
        'csqlstore;help;node;check' {
            break
        }
        'csqlstore;help;node;watch' {
            break
        }
        'csqlstore;help;node;wait' {
            break
        }
        'csqlstore;help;node;serve' {
            break
        }
        'csqlstore;help;doctor' {
            break
        }
        'csqlstore;help;key' {
            [CompletionResult]::new('generate', 'generate', [CompletionResultType]::ParameterValue, 'Draw a pair of keys at random, and print it as a line of a keyring')
            [CompletionResult]::new('check', 'check', [CompletionResultType]::ParameterValue, 'Say of each pair what it is, which one signs, and what is questionable about them')
            break
        }
        'csqlstore;help;key;generate' {
            break
        }
        'csqlstore;help;key;check' {
            break
        }
        'csqlstore;help;sandbox' {
            [CompletionResult]::new('up', 'up', [CompletionResultType]::ParameterValue, 'Make a sandbox and start its nodes')
            [CompletionResult]::new('status', 'status', [CompletionResultType]::ParameterValue, 'Show how the nodes are')
            [CompletionResult]::new('stop', 'stop', [CompletionResultType]::ParameterValue, 'Stop a node: it says good-bye to the others')
            [CompletionResult]::new('start', 'start', [CompletionResultType]::ParameterValue, 'Start a node that does not run, or all of them')
            [CompletionResult]::new('kill', 'kill', [CompletionResultType]::ParameterValue, 'Kill a node''s server (SIGKILL), as a crash would')
            [CompletionResult]::new('isolate', 'isolate', [CompletionResultType]::ParameterValue, 'Cut a node off from the others')
            [CompletionResult]::new('down', 'down', [CompletionResultType]::ParameterValue, 'Kill all nodes and remove the directory with all data')
            break
        }
        'csqlstore;help;sandbox;up' {
            break
        }
        'csqlstore;help;sandbox;status' {
            break
        }
        'csqlstore;help;sandbox;stop' {
            break
        }
        'csqlstore;help;sandbox;start' {
            break
        }
        'csqlstore;help;sandbox;kill' {
            break
        }
        'csqlstore;help;sandbox;isolate' {
            break
        }
        'csqlstore;help;sandbox;down' {
            break
        }
        'csqlstore;help;config' {
            [CompletionResult]::new('show', 'show', [CompletionResultType]::ParameterValue, 'Show every setting, and where it comes from')
            [CompletionResult]::new('init', 'init', [CompletionResultType]::ParameterValue, 'Make a configuration file, step by step')
            break
        }
        'csqlstore;help;config;show' {
            break
        }
        'csqlstore;help;config;init' {
            break
        }
        'csqlstore;help;completions' {
            break
        }
        'csqlstore;help;generate' {
            break
        }
        'csqlstore;help;help' {
            break
        }
    })

    $completions.Where{ $_.CompletionText -like "$wordToComplete*" } |
        Sort-Object -Property ListItemText
}
