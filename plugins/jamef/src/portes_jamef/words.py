"""What the doctor says, in English and Portuguese; it knows no call and no setting."""

from functools import partial
from typing import Final

from portes.toolbox import Saying

_said: Final = partial(Saying.of, "pt")


def _of_a_question(english: str, portuguese: str, *remedies: str) -> Saying:
    """What came of one trial question, told with what was asked."""
    return _said(
        f"{{service}} from origin {{origin}} ({{cep}}), branch {{branch}}: {english}",
        f"{{service}} da origem {{origin}} ({{cep}}), filial {{branch}}: {portuguese}",
        *remedies,
    )


SAYINGS: Final = {
    "settings_are_sound": _said(
        "The settings are sound; {environment} is asked at {host}.",
        "As configurações estão em ordem; {environment} é consultado em {host}.",
    ),
    "homologation_is_asked": _said(
        "Homologation is asked: its prices are not the ones you will be billed.",
        "O ambiente consultado é o de homologação: os preços não são os que serão faturados.",
        'When Jamef has approved production, set its password and write environment = "production".',
        'Quando a Jamef aprovar a produção, informe a senha dela e escreva environment = "production".',
    ),
    "state_is_not_kept": _said(
        "The service keeps no state folder, so each process logs in for itself, and Jamef gives one token a minute.",
        "O serviço não tem pasta de estado: cada processo faz o seu login, e a Jamef dá um token por minuto.",
        'Write state = "state" below [service], and all processes share one login, across restarts too.',
        'Escreva state = "state" em [service]; assim todos os processos usam um só login, também ao reiniciar.',
    ),
    "passwords_are_equal": _said(
        "password and qa_password are the same, and Jamef gives production a password of its own.",
        "password e qa_password são iguais, e a Jamef dá à produção uma senha própria.",
        "Set password to the one that came with the approval for production.",
        "Informe em password a senha que veio com a aprovação para produção.",
    ),
    "branch_is_not_listed": _said(
        "The branch code {branch} stands in no public list; the lists are old, so it may be right all the same.",
        "O código de filial {branch} não consta em nenhuma lista pública; as listas são antigas, pode estar certo.",
        "Compare it with your contract or ask Jamef.",
        "Compare com o seu contrato ou pergunte à Jamef.",
    ),
    "login_works": _said(
        "{host} accepts user and password.",
        "{host} aceita usuário e senha.",
    ),
    "login_must_wait": _said(
        "The one login a minute that Jamef allows from an address has been used; it is free again in {seconds} s.",
        "O único login por minuto que a Jamef permite por endereço já foi usado; estará livre em {seconds} s.",
        "Wait and ask again. If it happens often, other programs log in from the same address: give them the token.",
        "Espere e repita. Se for frequente, outros programas fazem login do mesmo endereço: compartilhe o token.",
    ),
    "login_must_wait_after_a_refusal": _said(
        "{host} has refused this password since {refused}; Jamef allows one login a minute, the next in {seconds} s.",
        "{host} recusa esta senha desde {refused}; a Jamef permite um login por minuto, o próximo em {seconds} s.",
        "Wait and ask again: then it is told what may be wrong with it.",
        "Espere e repita: então se dirá o que pode estar errado com ela.",
    ),
    "password_worked_before": _said(
        "{host} accepted {user} with this very password until {accepted} and does not now: the password was changed, or"
        " the access was closed.",
        "{host} aceitava {user} com esta mesma senha até {accepted} e já não aceita: a senha foi trocada ou o acesso,"
        " encerrado.",
        "Set the new password; if nobody of yours has changed it, ask Jamef.",
        "Informe a senha nova; se ninguém da sua equipe a trocou, pergunte à Jamef.",
    ),
    "former_password_worked": _said(
        "{host} does not accept {user} with this password and never did; the one before it was accepted until"
        " {accepted_before}.",
        "{host} não aceita {user} com esta senha e nunca aceitou; a anterior foi aceita até {accepted_before}.",
        "Copy the new password once more; if nobody has changed it at Jamef, go back to the former one.",
        "Copie de novo a senha nova; se ninguém a trocou na Jamef, volte à anterior.",
    ),
    "password_is_the_portals": _said(
        "Production refuses the password and homologation accepts it: it is the portal's.",
        "A produção recusa a senha e a homologação a aceita: é a senha do portal.",
        "Put it into qa_password, and into password the one that Jamef sends when it approves production.",
        "Coloque-a em qa_password e, em password, a que a Jamef envia ao aprovar a produção.",
    ),
    "password_is_wrong": _said(
        "{host} does not accept {user} with its password, and as far as is known never did.",
        "{host} não aceita {user} com a senha informada e, ao que se sabe, nunca aceitou.",
        "Production has a password of its own, not the portal's; it is valid once Jamef has approved the access.",
        "A produção tem senha própria, diferente da do portal; ela vale depois que a Jamef aprova o acesso.",
    ),
    "qa_password_is_wrong": _said(
        "Homologation at {host} does not accept {user} with its password.",
        "A homologação em {host} não aceita {user} com a senha informada.",
        "Log in to developers.jamef.com.br and set qa_password to the password that works there.",
        "Entre em developers.jamef.com.br e informe em qa_password a senha que funciona lá.",
    ),
    "approval_is_pending": _said(
        "{host} knows the login and does not let it in: Jamef has not approved it yet.",
        "{host} conhece o login, mas não o libera: a aprovação da Jamef ainda está pendente.",
        "Wait; Jamef takes up to two business days. After that, ask its integration support.",
        "Aguarde; a Jamef leva até dois dias úteis. Depois disso, fale com o suporte de integração.",
    ),
    "token_is_refused": _said(
        "{host} gives a token and does not accept it for prices.",
        "{host} dá um token e não o aceita para cotações.",
        "Ask Jamef whether your access includes the quote API (Cálculo de Frete).",
        "Pergunte à Jamef se o seu acesso inclui a API de cotação (Cálculo de Frete).",
    ),
    "host_is_unreachable": _said(
        "{host} cannot be asked.",
        "Não é possível consultar {host}.",
        "Look at the network of this machine and at base_url; if both are right, Jamef is down: try again later.",
        "Verifique a rede desta máquina e base_url; se estiverem certos, a Jamef está fora do ar: tente mais tarde.",
    ),
    "login_is_garbled": _said(
        "What {host} answers to the login is not what Jamef documents.",
        "A resposta de {host} ao login não é a que a Jamef documenta.",
        "Look whether base_url leads to Jamef; if it does, its API has changed: tell us.",
        "Verifique se base_url leva à Jamef; se levar, a API mudou: avise-nos.",
    ),
    "price_came": _of_a_question("a price came.", "veio um preço."),
    "calls_are_throttled": _of_a_question(
        "Jamef allows no more questions now.",
        "a Jamef não permite mais consultas agora.",
        "Ask again later; if it happens often, keep answers longer (carriers.NAME.cache).",
        "Tente mais tarde; se for frequente, guarde as respostas por mais tempo (carriers.NAME.cache).",
    ),
    "branch_is_unknown": _of_a_question(
        "Jamef does not take the branch code.",
        "a Jamef não aceita o código de filial.",
        "Write the code of the branch that stands in your contract; `docs/jamef.md` lists the known ones.",
        "Escreva o código da filial que consta no seu contrato; `docs/jamef.md` lista os conhecidos.",
    ),
    "payer_is_no_customer": _of_a_question(
        "Jamef finds no contract for the payer's document.",
        "a Jamef não encontra contrato para o documento do devedor.",
        "Set payer to the CNPJ or CPF that Jamef bills, or have the contract set up by your Jamef branch.",
        "Informe em payer o CNPJ ou CPF que a Jamef fatura, ou peça à filial Jamef que cadastre o contrato.",
    ),
    "origin_is_refused": _of_a_question(
        "Jamef does not take the CEP of the origin.",
        "a Jamef não aceita o CEP da origem.",
        "Look at the postal code of this origin in the store's file; if it is right, its branch may not collect there.",
        "Confira o CEP desta origem no arquivo da loja; se estiver certo, talvez a filial não colete nesse endereço.",
    ),
    "lane_is_not_served": _of_a_question(
        "Jamef offers nothing to the trial destination.",
        "a Jamef não oferece nada para o destino de teste.",
        "Set trial_destination to a CEP that you ship to; if nothing is offered there, ask Jamef. Once you know that"
        " the answer beside this means that, `unserved` and `unserved_texts` can say so.",
        "Informe em trial_destination um CEP para onde você envia; se nada vier, pergunte à Jamef. Quando souber que a"
        " resposta ao lado significa isso, `unserved` e `unserved_texts` podem dizê-lo.",
    ),
    "question_is_refused": _of_a_question(
        "Jamef refuses the question.",
        "a Jamef recusa a consulta.",
        "Read its words beside this, and give Jamef the idCorrelacao in them.",
        "Leia a resposta ao lado e informe à Jamef o idCorrelacao que consta nela.",
    ),
    "answer_is_garbled": _of_a_question(
        "what came back is not what Jamef documents.",
        "a resposta não é a que a Jamef documenta.",
        "Look whether base_url leads to Jamef; if it does, its API has changed: tell us.",
        "Verifique se base_url leva à Jamef; se levar, a API mudou: avise-nos.",
    ),
    "answer_is_late": _of_a_question(
        "no answer came in the time that the doctor has.",
        "nenhuma resposta veio no tempo de que o diagnóstico dispõe.",
        "Ask again; if it stays so, Jamef is slow or the network of this machine is.",
        "Repita; se continuar, a Jamef está lenta ou a rede desta máquina está.",
    ),
    "ask_the_account_manager": _said(
        "What is wrong may be in Jamef's hands.",
        "O problema pode estar do lado da Jamef.",
        "If the settings are right, send your account manager this: “Please look at our access to the quote"
        " API (Cálculo de Frete) at {host}: user {user}, payer {payer}, branch {branches}, collection at"
        " {ceps}{reference}.”",
        "Se as configurações estiverem certas, envie ao seu gerente de contas: «Por favor, verifiquem o nosso acesso à"
        " API de cotação (Cálculo de Frete) em {host}: usuário {user}, pagador {payer}, filial {branches}, coleta em"
        " {ceps}{reference}.»",
    ),
}

SERVICES: Final = {"1": "road (rodoviário)", "2": "air (aéreo)"}
"""Transports, as both languages can read them."""


__all__ = ["SAYINGS", "SERVICES"]
