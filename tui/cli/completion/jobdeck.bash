# Completion of jobdeck for bash 4.4 and newer; written by `jobdeck --install-completion bash`.

_jobdeck() {
    local program=$1 response kind value help
    [[ $program == '~/'* ]] && program=$HOME/${program:2}
    response=$(_JOBDECK_LINE=${COMP_LINE:0:COMP_POINT} _JOBDECK_BREAKS=$COMP_WORDBREAKS _JOBDECK_COMPLETE=bash_complete \
        "$program" 2>/dev/null </dev/null)
    COMPREPLY=()
    while IFS=$'\t' read -r kind value help; do
        case $kind in
            file) compopt -o default ;;
            open) COMPREPLY+=("$value") && compopt -o nospace ;;
            plain) COMPREPLY+=("$value") ;;
        esac
    done <<<"$response"
}

complete -o nosort -F _jobdeck jobdeck
