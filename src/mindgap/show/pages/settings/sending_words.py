"""The words for sending accounts: what a channel and each of its settings is called, and what came of an attempt."""

from collections.abc import Mapping

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy, pgettext_lazy

Words = Mapping[str, Lazy | str]

CHANNELS: Words = {
    "smtp": gettext_lazy("E-mail (SMTP)"),
    "aliyun_sms": gettext_lazy("Text messages over Aliyun"),
    "tencent_sms": gettext_lazy("Text messages over Tencent Cloud"),
    "twilio_sms": gettext_lazy("Text messages over Twilio"),
    "wecom_app": gettext_lazy("WeCom application (to members)"),
    "wecom_contact": gettext_lazy("WeCom customer contact"),
    "wecom_robot": gettext_lazy("WeCom group robot"),
    "alipay": gettext_lazy("Alipay template messages"),
    "feishu": gettext_lazy("Feishu group robot"),
    "dingtalk": gettext_lazy("DingTalk group robot"),
    "slack": gettext_lazy("Slack channel"),
    "teams": gettext_lazy("Microsoft Teams channel"),
    "webhook": gettext_lazy("Webhook to a system of your own"),
}
FIELDS: Words = {
    "host": gettext_lazy("Mail server"),
    "port": gettext_lazy("Port"),
    "security": gettext_lazy("Encryption"),
    "user": gettext_lazy("User name"),
    "password": gettext_lazy("Password"),
    "from": gettext_lazy("From address"),
    "sender": gettext_lazy("Name of the sender"),
    "reply_to": gettext_lazy("Address for replies"),
    "bounces": gettext_lazy("Address for returned mail"),
    "inbound_token": gettext_lazy("Token for reports"),
    "per_minute": gettext_lazy("At most per minute"),
    "per_day": gettext_lazy("At most per day"),
    "per_person_day": gettext_lazy("At most per customer and day"),
    "ca": gettext_lazy("Certificate of your own authority (PEM)"),
    "key_id": gettext_lazy("Access key ID"),
    "key_secret": gettext_lazy("Access key secret"),
    "sign_name": gettext_lazy("Registered signature"),
    "template_code": gettext_lazy("Template ID"),
    "template_facts": gettext_lazy("Values of the template"),
    "template_text": gettext_lazy("Text of the template"),
    "marketing": gettext_lazy("It is marketing"),
    "country": gettext_lazy("Country code of numbers without one"),
    "region": gettext_lazy("Region"),
    "endpoint": gettext_lazy("Address of the service"),
    "app_id": gettext_lazy("Application ID"),
    "account_sid": gettext_lazy("Account SID"),
    "auth_token": gettext_lazy("Auth token"),
    "sender_number": gettext_lazy("Sending number or messaging service"),
    "suffix": gettext_lazy("Words at the end"),
    "corp_id": gettext_lazy("Company ID"),
    "agent_id": gettext_lazy("Agent ID"),
    "secret": gettext_lazy("Secret"),
    "previous_secret": gettext_lazy("Secret before, while receivers change"),
    "employee": gettext_lazy("Member who sends"),
    "token": gettext_lazy("Token for receiving"),
    "aes_key": gettext_lazy("EncodingAESKey"),
    "key": gettext_lazy("Key in the robot's address"),
    "may_mention": gettext_lazy("It calls people by name"),
    "private_key": gettext_lazy("Private key of the application"),
    "public_key": gettext_lazy("Public key of Alipay"),
    "page": gettext_lazy("Page of the mini-program"),
    "url": gettext_lazy("Address"),
}
HINTS: Words = {
    "bounces": gettext_lazy(
        "Mail that cannot be delivered comes back here, with the name of the delivery in it."
    ),
    "inbound_token": gettext_lazy("Reports without it are not believed. Any long text that nobody guesses."),
    "template_facts": gettext_lazy("One line for each value, such as: code = {{path}}"),
    "template_text": gettext_lazy("As it was registered; for counting and checking before it is sent."),
    "marketing": gettext_lazy("Marketing messages must end with the words for opting out."),
    "country": gettext_lazy("Digits only, such as 86."),
    "key": gettext_lazy("Never publish it: whoever has it can write into the group."),
    "may_mention": gettext_lazy("Each notice is then two messages, so half as many fit into a minute."),
    "per_person_day": gettext_lazy("The provider's limit; it has changed several times."),
    "employee": gettext_lazy("The message leaves when this member confirms it in the app."),
    "page": gettext_lazy("It gets our link as the value url and opens it in its web view."),
}
CHOICES: Words = {
    "starttls": "STARTTLS",
    "tls": "TLS",
    "none": pgettext_lazy("encryption", "None"),
}
STATES: Words = {
    "accepted": gettext_lazy("taken by the provider"),
    "refused": gettext_lazy("refused"),
    "retry": gettext_lazy("will be tried again"),
}
CODES: Words = {
    "blocked_address": gettext_lazy(
        "This address is inside the network or on an unusual port; nothing is sent there."
    ),
    "bad_credentials": gettext_lazy("The provider does not accept this account; check the keys."),
    "throttled": gettext_lazy("The provider asks to send less often."),
    "unreachable": gettext_lazy("The service could not be reached."),
    "bad_address": gettext_lazy("The address of the receiver is not one of this channel."),
    "no_signature": gettext_lazy("A text message needs a registered signature of 2 to 12 characters."),
    "no_way_to_stop": gettext_lazy("A marketing text message has to end with the words for opting out."),
    "too_long": gettext_lazy("The text is longer than what is sent."),
    "no_trigger": gettext_lazy(
        "Alipay takes messages only in answer to a form or a payment of the customer."
    ),
    "account_unusable": gettext_lazy("The secrets cannot be read any more; enter them again."),
    "unsigned_reply": gettext_lazy("The reply was not signed by the provider."),
    "invalid_user": gettext_lazy("No such member, or not within the reach of the application."),
    "not_a_contact": gettext_lazy("The customer is nobody's contact, or has had today's message."),
}


def field(name: str) -> Lazy | str:
    """What a setting is called."""
    return FIELDS.get(name, name)


def reason(code: str, provider: str) -> Lazy | str:
    """Why an attempt came to nothing: our words where we know, else the provider's."""
    return CODES.get(code) or " ".join(part for part in (code, provider) if part)
