// Help, man page, Markdown and shell completion: all made from the table of verbs.
#include <algorithm>
#include <sstream>

#include "core/error.h"
#include "harness/command_line.h"
#include "harness/version.h"

namespace misfire {

namespace {

const char* const overview =
    "Breaks pretrained models on purpose: loads a model, shows it ever harder data and records how it degrades.";

struct OptionText {
    std::string names;  // "--threads N"
    std::string long_name;
    bool takes_value = false;
    std::string meaning;
};

std::vector<OptionText> option_texts(const Verb& verb) {
    std::vector<OptionText> texts;
    for (const auto& option : verb.options.options()) {
        const auto value = option->semantic();
        const bool takes_value = value->max_tokens() > 0;
        texts.push_back({"--" + option->long_name() + (takes_value ? " " + value->name() : ""), option->long_name(),
                         takes_value, option->description()});
    }
    texts.push_back({"--help", "help", false, "show this help"});
    return texts;
}

// Breaks a paragraph into lines of at most `width` characters.
std::string wrapped(const std::string& text, std::size_t indent, std::size_t width) {
    std::string out;
    std::istringstream paragraphs(text);
    for (std::string paragraph; std::getline(paragraphs, paragraph);) {
        std::istringstream words(paragraph);
        std::string line;
        for (std::string word; words >> word;) {
            if (!line.empty() && indent + line.size() + 1 + word.size() > width) {
                out += std::string(indent, ' ') + line + "\n";
                line.clear();
            }
            line += (line.empty() ? "" : " ") + word;
        }
        out += line.empty() ? "\n" : std::string(indent, ' ') + line + "\n";
    }
    return out;
}

std::string usage_line(const Verb& verb) {
    return "misfire " + verb.name + (verb.synopsis.empty() ? "" : " " + verb.synopsis) + " [options]";
}

std::string joined_verb_names() {
    std::string names;
    for (const Verb& verb : verbs()) names += (names.empty() ? "" : " ") + verb.name;
    return names;
}

// Markdown table cell: bars would end it, angle brackets would be taken for HTML.
std::string table_cell(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '|' || c == '<') out += '\\';
        out += c;
    }
    return out;
}

std::string troff_escaped(const std::string& text) {
    std::string out;
    for (const char c : text) {
        if (c == '\\')
            out += "\\e";
        else if (c == '-')
            out += "\\-";
        else if ((c == '.' || c == '\'') && (out.empty() || out.back() == '\n'))
            out += std::string("\\&") + c;
        else
            out += c;
    }
    return out;
}

std::string bash_completion() {
    std::ostringstream out;
    out << "# bash completion for misfire, made by `misfire --completion bash`\n"
        << "_misfire() {\n    local word=${COMP_WORDS[COMP_CWORD]} verb=${COMP_WORDS[1]}\n"
        << "    if [ \"$COMP_CWORD\" -eq 1 ]; then\n        COMPREPLY=($(compgen -W '" << joined_verb_names()
        << " --help --version' -- \"$word\"))\n        return\n    fi\n    case \"$verb\" in\n";
    for (const Verb& verb : verbs()) {
        std::string words;
        for (const OptionText& option : option_texts(verb)) words += (words.empty() ? "--" : " --") + option.long_name;
        const bool scenario = verb.synopsis.find("<scenario") != std::string::npos;
        out << "        " << verb.name << ")\n            COMPREPLY=($(compgen -W '" << words << "' -- \"$word\"))\n";
        if (scenario) {
            out << "            case \"$word\" in -*) ;; *) COMPREPLY+=($(compgen -W \"$(misfire list scenarios "
                   "--names 2>/dev/null)\" -- \"$word\") "
                   "$(compgen -f -- \"$word\")) ;; esac\n";
        } else {
            out << "            case \"$word\" in -*) ;; *) COMPREPLY+=($(compgen -f -- \"$word\")) ;; esac\n";
        }
        out << "            ;;\n";
    }
    out << "    esac\n}\ncomplete -o filenames -F _misfire misfire\n";
    return out.str();
}

std::string quoted_for(const std::string& text, const std::string& specials) {
    std::string out;
    for (const char c : text) {
        if (c == '\'')
            out += "'\\''";
        else if (specials.find(c) != std::string::npos)
            out += std::string("\\") + c;
        else
            out += c;
    }
    return out;
}

std::string zsh_completion() {
    std::ostringstream out;
    out << "#compdef misfire\n# zsh completion for misfire, made by `misfire --completion zsh`\n_misfire() {\n    "
           "local -a verbs\n    verbs=(\n";
    for (const Verb& verb : verbs()) out << "        '" << verb.name << ":" << quoted_for(verb.summary, ":") << "'\n";
    out << "    )\n    if (( CURRENT == 2 )); then\n        _describe verb verbs\n        return\n    fi\n    case "
           "$words[2] in\n";
    for (const Verb& verb : verbs()) {
        out << "        " << verb.name << ")\n            _arguments";
        for (const OptionText& option : option_texts(verb)) {
            out << " \\\n                '--" << option.long_name << "[" << quoted_for(option.meaning, "[]:") << "]"
                << (option.takes_value ? ":value:" : "") << "'";
        }
        const bool scenario = verb.synopsis.find("<scenario") != std::string::npos;
        out << " \\\n                '*:argument:"
            << (scenario ? "{_files; compadd -- $(misfire list scenarios --names 2>/dev/null)}" : "_files")
            << "'\n            ;;\n";
    }
    out << "    esac\n}\n_misfire \"$@\"\n";
    return out.str();
}

std::string fish_completion() {
    std::ostringstream out;
    out << "# fish completion for misfire, made by `misfire --completion fish`\n";
    for (const Verb& verb : verbs()) {
        out << "complete -c misfire -n __fish_use_subcommand -a " << verb.name << " -d '"
            << quoted_for(verb.summary, "") << "'\n";
        for (const OptionText& option : option_texts(verb)) {
            out << "complete -c misfire -n '__fish_seen_subcommand_from " << verb.name << "' -l " << option.long_name
                << (option.takes_value ? " -r" : "") << " -d '" << quoted_for(option.meaning, "") << "'\n";
        }
        if (verb.synopsis.find("<scenario") != std::string::npos) {
            out << "complete -c misfire -n '__fish_seen_subcommand_from " << verb.name
                << "' -a '(misfire list scenarios --names 2>/dev/null)'\n";
        }
    }
    return out.str();
}

const char* const exit_codes =
    "0 fine; 1 a check was breached; 2 usage or scenario error; 3 cells failed or checks could not be decided; "
    "4 nothing selected; 130 interrupted (resumable; the command to resume is printed).";

}  // namespace

std::string help_text() {
    std::ostringstream out;
    out << "misfire " << version() << "\n" << overview << "\n\nUsage: misfire <verb> [arguments] [options]\n\n";
    for (const Verb& verb : verbs())
        out << "  " << verb.name << std::string(12 - verb.name.size(), ' ') << verb.summary << "\n";
    out << "\n  misfire <verb> --help      what a verb takes, with examples\n"
        << "  misfire --version          the version\n"
        << "  misfire --completion bash  completion script (bash, zsh, fish)\n"
        << "  misfire --man              the manual page in troff\n\n"
        << "Start with: misfire run demo\n";
    return out.str();
}

std::string help_text(const Verb& verb) {
    std::ostringstream out;
    out << "Usage: " << usage_line(verb) << "\n\n" << wrapped(verb.description, 0, 100) << "\nOptions:\n";
    for (const OptionText& option : option_texts(verb)) {
        out << "  " << option.names << "\n" << wrapped(option.meaning, 6, 100);
    }
    if (!verb.examples.empty()) out << "\nExamples:\n";
    for (const Example& example : verb.examples)
        out << "  " << example.command << "\n" << wrapped(example.meaning, 6, 100);
    return out.str();
}

std::string markdown_page(const Verb& verb) {
    std::ostringstream out;
    out << "# misfire " << verb.name << "\n\n"
        << verb.summary << ".\n\n    " << usage_line(verb) << "\n\n"
        << wrapped(verb.description, 0, 120) << "\n## Options\n\n| option | meaning |\n|---|---|\n";
    for (const OptionText& option : option_texts(verb)) {
        out << "| `" << option.names << "` | " << table_cell(option.meaning) << " |\n";
    }
    if (!verb.examples.empty()) out << "\n## Examples\n";
    for (const Example& example : verb.examples)
        out << "\n" << example.meaning << ":\n\n    " << example.command << "\n";
    return out.str();
}

std::string man_page() {
    std::ostringstream out;
    out << ".TH MISFIRE 1 \"\" \"misfire " << version() << "\" \"User Commands\"\n.SH NAME\nmisfire \\- "
        << troff_escaped("breaks pretrained models on purpose")
        << "\n.SH SYNOPSIS\n.B misfire\n.I verb\n[arguments] [options]\n.SH DESCRIPTION\n"
        << troff_escaped(overview) << "\n.SH VERBS\n";
    for (const Verb& verb : verbs()) {
        out << ".SS " << troff_escaped(usage_line(verb)) << "\n" << troff_escaped(verb.description) << "\n";
        for (const OptionText& option : option_texts(verb)) {
            out << ".TP\n.B " << troff_escaped(option.names) << "\n" << troff_escaped(option.meaning) << "\n";
        }
        for (const Example& example : verb.examples) {
            out << ".PP\n"
                << troff_escaped(example.meaning) << ":\n.PP\n.RS\n.nf\n"
                << troff_escaped(example.command) << "\n.fi\n.RE\n";
        }
    }
    out << ".SH EXIT STATUS\n"
        << troff_escaped(exit_codes)
        << "\n.SH ENVIRONMENT\n.TP\n.B MISFIRE_SHARE\nfolder of the shipped zoo and scenarios "
        << "(default: share/misfire beside the program)\n.TP\n.B MISFIRE_DATA\nfolder of downloaded data sets "
           "(default: misfire in XDG_DATA_HOME)\n"
        << ".TP\n.B NO_COLOR\nno colours on a terminal\n";
    return out.str();
}

std::string completion_script(const std::string& shell) {
    if (shell == "bash") return bash_completion();
    if (shell == "zsh") return zsh_completion();
    if (shell == "fish") return fish_completion();
    throw UsageError("There is no completion for `" + shell + "`: say bash, zsh or fish.");
}

}  // namespace misfire
