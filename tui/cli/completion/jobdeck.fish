# Completion of jobdeck for fish; written by `jobdeck --install-completion fish`.

function __jobdeck_complete
    set -l program (commandline -opc)[1]
    for line in (env _JOBDECK_LINE=(commandline -cp | string collect) _JOBDECK_COMPLETE=fish_complete $program 2>/dev/null </dev/null)
        set -l part (string split -m 2 \t -- $line)
        switch $part[1]
            case file
                __fish_complete_path (commandline -ct)
            case plain open
                printf '%s\t%s\n' $part[2] "$part[3]"
        end
    end
end

complete --command jobdeck --no-files --keep-order --arguments '(__jobdeck_complete)'
