/// The scripts by which shells complete commands: each asks `liaison complete` and shows what it offers.
///
/// `complete` prints one offer on each line, with a tab and a note behind it; `:files` and `:folders` ask the shell to
/// offer those itself.
enum CompletionScript: String, CaseIterable {
    case bash
    case zsh
    case fish

    var text: String {
        switch self {
        case .bash: CompletionScript.bashText
        case .zsh: CompletionScript.zshText
        case .fish: CompletionScript.fishText
        }
    }

    /// Bash takes words apart at = and :, so they are put together again, and offers lose what stands before the last.
    private static let bashText = #"""
        # Completion of liaison for bash: source <(liaison completion bash)
        _liaison() {
            local line=${COMP_LINE:0:COMP_POINT} words=() token index
            for ((index = 0; index <= COMP_CWORD; index++)); do
                token=${COMP_WORDS[index]}
                if [[ $index == 0 || $line == [[:space:]]* ]]; then
                    line=${line#"${line%%[![:space:]]*}"}
                    words+=("")
                fi
                token=${token:0:${#line}}
                words[${#words[@]} - 1]+=$token
                line=${line:${#token}}
            done
            local last=${words[${#words[@]} - 1]} kept="" offers=() notes=() offer
            if [[ $last == *[=:]* ]]; then kept=${last%"${last##*[=:]}"}; fi
            COMPREPLY=()
            while IFS= read -r offer; do
                if [[ $offer == :files || $offer == :folders ]]; then
                    local path=${last#"$kept"} mark=""
                    if [[ $path == @* ]]; then path=${path#@} mark=@; fi
                    [[ $offer == :files ]] && index=-f || index=-d
                    while IFS= read -r offer; do
                        offers+=("$mark$offer") notes+=("")
                    done < <(compgen "$index" -- "$path")
                    compopt -o filenames 2>/dev/null
                    continue
                fi
                token=${offer%%$'\t'*}
                offers+=("${token#"$kept"}")
                if [[ $offer == *$'\t'* ]]; then notes+=("${offer#*$'\t'}"); else notes+=(""); fi
            done < <("${words[0]}" complete -- "${words[@]:1}" 2>/dev/null)
            if [[ ${#offers[@]} == 1 ]]; then
                COMPREPLY=("${offers[0]}")
                if [[ ${offers[0]} == *= ]]; then compopt -o nospace 2>/dev/null; fi
                return
            fi
            # Notes are shown while there is a choice; ids are taken from them when there is none any more.
            for index in "${!offers[@]}"; do
                if [[ -n ${notes[index]} && $COMP_TYPE == 63 ]]; then
                    COMPREPLY+=("${offers[index]}  (${notes[index]})")
                else
                    COMPREPLY+=("${offers[index]}")
                fi
            done
            compopt -o nospace -o nosort 2>/dev/null
        }
        complete -F _liaison liaison
        """#

    private static let zshText = #"""
        #compdef liaison
        # Completion of liaison for zsh: source <(liaison completion zsh), after compinit
        _liaison() {
            local -a lines words_before values shown assigned assigned_shown
            local line value note
            words_before=("${(@Q)words[2,CURRENT-1]}")
            lines=("${(@f)$($words[1] complete -- "${(@)words_before}" "${(Q)PREFIX}" 2>/dev/null)}")
            for line in "${(@)lines}"; do
                case $line in
                    '') continue ;;
                    :files) compset -P '*[=@]'; _files; return ;;
                    :folders) compset -P '*='; _files -/; return ;;
                esac
                value=${line%%$'\t'*}
                note=$value
                if [[ $line == *$'\t'* ]]; then note="$value  -- ${line#*$'\t'}"; fi
                if [[ $value == *= ]]; then
                    assigned+=("$value")
                    assigned_shown+=("$note")
                else
                    values+=("$value")
                    shown+=("$note")
                fi
            done
            if (( $#values )); then compadd -U -l -d shown -a values; fi
            if (( $#assigned )); then compadd -U -l -S '' -d assigned_shown -a assigned; fi
        }
        compdef _liaison liaison
        """#

    private static let fishText = #"""
        # Completion of liaison for fish: liaison completion fish | source
        function __liaison_offers
            set -l words (commandline -opc)
            set -l last (commandline -ct)
            set -l program $words[1]
            set -e words[1]
            for offer in (command $program complete -- $words $last 2>/dev/null)
                switch $offer
                    case ':files'
                        set -l begin (string match -r '^.*[=@]' -- $last; or echo)
                        for path in (__fish_complete_path (string replace -r '^.*[=@]' '' -- $last))
                            echo $begin$path
                        end
                    case ':folders'
                        set -l begin (string match -r '^.*=' -- $last; or echo)
                        for path in (__fish_complete_directories (string replace -r '^.*=' '' -- $last) '')
                            echo $begin$path
                        end
                    case '*'
                        echo $offer
                end
            end
        end
        complete -c liaison -f -a '(__liaison_offers)'
        """#
}
