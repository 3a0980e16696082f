"""Wording: what people are told, by kind of notice and language.

Each has subjects, of which the first whose `{facts}` are all known is taken, and lines, of which those with an unknown
fact are left out. Every line is whole in itself. A new kind of notice is a new entry with all three languages.
"""

from typing import Final

# Subjects and lines.
Lines = tuple[tuple[str, ...], tuple[str, ...]]

WORDING: Final[dict[str, dict[str, Lines]]] = {
    "alert": {
        "en": (
            ("{severity}: {rule} ({touchpoint}, {unit})", "{severity}: {rule} ({touchpoint})", "{severity}: {rule}"),
            (
                "{rule}",
                "{sentence}",
                "Touchpoint: {touchpoint}",
                "Unit: {unit}",
                "Customer: {customer}",
                "Score: {score}",
                "In their words: “{words}”",
                "Promised: {promised}; actual: {actual}",
                "Promised: {promised_only}",
                "Due: {due}",
                "Complaints of this customer in the last 90 days: {complaints}",
                "When: {at}",
                "",
                "Suggested steps:",
                "1. {step1}",
                "2. {step2}",
                "3. {step3}",
            ),
        ),
        "zh-hans": (
            ("{severity}：{rule}（{touchpoint}，{unit}）", "{severity}：{rule}（{touchpoint}）", "{severity}：{rule}"),
            (
                "{rule}",
                "{sentence}",
                "触点：{touchpoint}",
                "单位：{unit}",
                "客户：{customer}",
                "评分：{score}",
                "客户原话：“{words}”",
                "承诺：{promised}；实际：{actual}",
                "承诺：{promised_only}",
                "到期：{due}",
                "该客户最近 90 天的投诉次数：{complaints}",
                "时间：{at}",
                "",
                "建议步骤：",
                "1. {step1}",
                "2. {step2}",
                "3. {step3}",
            ),
        ),
        "zh-hant": (
            ("{severity}：{rule}（{touchpoint}，{unit}）", "{severity}：{rule}（{touchpoint}）", "{severity}：{rule}"),
            (
                "{rule}",
                "{sentence}",
                "接觸點：{touchpoint}",
                "單位：{unit}",
                "客戶：{customer}",
                "評分：{score}",
                "客戶原話：「{words}」",
                "承諾：{promised}；實際：{actual}",
                "承諾：{promised_only}",
                "到期：{due}",
                "這位客戶最近 90 天的客訴次數：{complaints}",
                "時間：{at}",
                "",
                "建議步驟：",
                "1. {step1}",
                "2. {step2}",
                "3. {step3}",
            ),
        ),
    },
    "case_assigned": {
        "en": (
            ("Case {number} is yours: {title}",),
            ("You are the owner of case {number}: {title}", "Given to you by {by}: {reason}", "Customer: {customer}",
             "Touchpoint: {touchpoint}", "Contact the customer by {due}.", "", "Suggested steps:", "1. {step1}",
             "2. {step2}", "3. {step3}"),
        ),
        "zh-hans": (
            ("工单 {number} 由您负责：{title}",),
            ("工单 {number} 现由您负责：{title}", "{by} 转派给您，原因：{reason}", "客户：{customer}",
             "触点：{touchpoint}", "请在 {due} 前联系客户。", "", "建议步骤：", "1. {step1}", "2. {step2}", "3. {step3}"),
        ),
        "zh-hant": (
            ("案件 {number} 由您負責：{title}",),
            ("案件 {number} 現由您負責：{title}", "{by} 轉派給您，原因：{reason}", "客戶：{customer}",
             "接觸點：{touchpoint}", "請在 {due} 前聯絡客戶。", "", "建議步驟：", "1. {step1}", "2. {step2}", "3. {step3}"),
        ),
    },
    "case_warned": {
        "en": (
            ("Case {number} is due in {left}: {title}", "Case {number} is due soon: {title}"),
            ("Three quarters of the time for case {number} are over: {title}", "Next step: {step}", "Due: {due}",
             "Owner: {owner}", "Customer: {customer}"),
        ),
        "zh-hans": (
            ("工单 {number} 还剩 {left}：{title}", "工单 {number} 即将到期：{title}"),
            ("工单 {number} 的时限已用去四分之三：{title}", "下一步：{step}", "到期：{due}", "负责人：{owner}",
             "客户：{customer}"),
        ),
        "zh-hant": (
            ("案件 {number} 還剩 {left}：{title}", "案件 {number} 即將到期：{title}"),
            ("案件 {number} 的時限已用去四分之三：{title}", "下一步：{step}", "到期：{due}", "負責人：{owner}",
             "客戶：{customer}"),
        ),
    },
    "case_breached": {
        "en": (
            ("Case {number} is overdue: {title}",),
            ("The time for case {number} is over: {title}", "Missed step: {step}", "It was due: {due}",
             "Owner: {owner}", "Customer: {customer}", "Escalated to level {level}."),
        ),
        "zh-hans": (
            ("工单 {number} 已超时：{title}",),
            ("工单 {number} 的时限已过：{title}", "未完成的步骤：{step}", "到期时间：{due}", "负责人：{owner}",
             "客户：{customer}", "已升级至第 {level} 级。"),
        ),
        "zh-hant": (
            ("案件 {number} 已逾期：{title}",),
            ("案件 {number} 的時限已過：{title}", "未完成的步驟：{step}", "到期時間：{due}", "負責人：{owner}",
             "客戶：{customer}", "已升級至第 {level} 級。"),
        ),
    },
    "case_escalated": {
        "en": (
            ("Case {number} was escalated to you: {title}",),
            ("Case {number} was escalated to level {level}: {title}", "Escalated by {by}.", "Reason: {reason}",
             "Owner: {owner}", "Due: {due}", "Customer: {customer}"),
        ),
        "zh-hans": (
            ("工单 {number} 已升级给您：{title}",),
            ("工单 {number} 已升级至第 {level} 级：{title}", "由 {by} 升级。", "原因：{reason}", "负责人：{owner}",
             "到期：{due}", "客户：{customer}"),
        ),
        "zh-hant": (
            ("案件 {number} 已升級給您：{title}",),
            ("案件 {number} 已升級至第 {level} 級：{title}", "由 {by} 升級。", "原因：{reason}", "負責人：{owner}",
             "到期：{due}", "客戶：{customer}"),
        ),
    },
    "case_replied": {
        "en": (
            ("The customer replied to case {number}: {title}",),
            ("The customer replied to case {number}: {title}", "In their words: “{words}”", "Customer: {customer}"),
        ),
        "zh-hans": (
            ("客户回复了工单 {number}：{title}",),
            ("客户回复了工单 {number}：{title}", "客户原话：“{words}”", "客户：{customer}"),
        ),
        "zh-hant": (
            ("客戶回覆了案件 {number}：{title}",),
            ("客戶回覆了案件 {number}：{title}", "客戶原話：「{words}」", "客戶：{customer}"),
        ),
    },
    "case_reopened": {
        "en": (
            ("Case {number} is open again: {title}",),
            ("The customer says that case {number} was not put right: {title}", "In their words: “{words}”",
             "Due: {due}", "Customer: {customer}"),
        ),
        "zh-hans": (
            ("工单 {number} 已重新打开：{title}",),
            ("客户表示工单 {number} 的问题没有解决：{title}", "客户原话：“{words}”", "到期：{due}", "客户：{customer}"),
        ),
        "zh-hant": (
            ("案件 {number} 已重新開啟：{title}",),
            ("客戶表示案件 {number} 的問題沒有解決：{title}", "客戶原話：「{words}」", "到期：{due}", "客戶：{customer}"),
        ),
    },
    "case_recovered": {
        "en": (("Case {number} is recovered: {title}",), ("The customer confirmed that case {number} was put right: {title}", "In their words: “{words}”")),
        "zh-hans": (("工单 {number} 已挽回：{title}",), ("客户确认工单 {number} 的问题已解决：{title}", "客户原话：“{words}”")),
        "zh-hant": (("案件 {number} 已挽回：{title}",), ("客戶確認案件 {number} 的問題已解決：{title}", "客戶原話：「{words}」")),
    },
    "case_digest": {
        "en": (("Cases that need you: {count}",), ("Cases escalated to the last level: {count}", "The longest is overdue by {left}: case {number}, {title}")),
        "zh-hans": (("需要您处理的工单：{count} 件",), ("升级至最高级的工单：{count} 件", "超时最久的一件已超时 {left}：工单 {number}，{title}")),
        "zh-hant": (("需要您處理的案件：{count} 件",), ("升級至最高級的案件：{count} 件", "逾期最久的一件已逾期 {left}：案件 {number}，{title}")),
    },
    "recovery_missed": {
        "en": (("A recovery promise was not kept: case {number}",), ("What was promised to put case {number} right was not done by {due}: {promise}", "Owner: {owner}", "Customer: {customer}")),
        "zh-hans": (("补救承诺未兑现：工单 {number}",), ("工单 {number} 的补救承诺在 {due} 前没有兑现：{promise}", "负责人：{owner}", "客户：{customer}")),
        "zh-hant": (("補救承諾未兌現：案件 {number}",), ("案件 {number} 的補救承諾在 {due} 前沒有兌現：{promise}", "負責人：{owner}", "客戶：{customer}")),
    },
    "remedy_asked": {
        "en": (("A remedy of {amount} needs your approval: case {number}",), ("{by} asks to give {amount} in case {number}: {title}", "For: {reason}", "It is beyond their authority. You decide.")),
        "zh-hans": (("一项 {amount} 的补救措施待您批准：工单 {number}",), ("{by} 申请在工单 {number} 中给予 {amount}：{title}", "用途：{reason}", "该金额超出其授权，请您决定。")),
        "zh-hant": (("一項 {amount} 的補救措施待您核准：案件 {number}",), ("{by} 申請在案件 {number} 中給予 {amount}：{title}", "用途：{reason}", "這個金額超出其授權，請您決定。")),
    },
    "remedy_approved": {
        "en": (("Your remedy of {amount} was approved: case {number}",), ("{by} approved {amount} in case {number}: {title}",)),
        "zh-hans": (("您申请的 {amount} 补救措施已批准：工单 {number}",), ("{by} 批准了工单 {number} 中的 {amount}：{title}",)),
        "zh-hant": (("您申請的 {amount} 補救措施已核准：案件 {number}",), ("{by} 核准了案件 {number} 中的 {amount}：{title}",)),
    },
    "remedy_refused": {
        "en": (("Your remedy of {amount} was refused: case {number}",), ("{by} refused {amount} in case {number}: {title}", "Reason: {reason}")),
        "zh-hans": (("您申请的 {amount} 补救措施未获批准：工单 {number}",), ("{by} 没有批准工单 {number} 中的 {amount}：{title}", "原因：{reason}")),
        "zh-hant": (("您申請的 {amount} 補救措施未獲核准：案件 {number}",), ("{by} 沒有核准案件 {number} 中的 {amount}：{title}", "原因：{reason}")),
    },
    "improvement_assigned": {
        "en": (("Improvement {number} is yours: {title}",), ("You are the owner of improvement {number}: {title}", "Touchpoint: {touchpoint}", "Deadline: {deadline}")),
        "zh-hans": (("改进项 {number} 由您负责：{title}",), ("改进项 {number} 现由您负责：{title}", "触点：{touchpoint}", "截止日期：{deadline}")),
        "zh-hant": (("改善項目 {number} 由您負責：{title}",), ("改善項目 {number} 現由您負責：{title}", "接觸點：{touchpoint}", "截止日期：{deadline}")),
    },
    "improvement_due": {
        "en": (("Improvement {number} is due on {deadline}: {title}",), ("Three quarters of the time for improvement {number} are over: {title}", "Deadline: {deadline}", "Open tasks: {tasks}")),
        "zh-hans": (("改进项 {number} 将于 {deadline} 到期：{title}",), ("改进项 {number} 的时间已用去四分之三：{title}", "截止日期：{deadline}", "未完成任务：{tasks}")),
        "zh-hant": (("改善項目 {number} 將於 {deadline} 到期：{title}",), ("改善項目 {number} 的時間已用去四分之三：{title}", "截止日期：{deadline}", "未完成任務：{tasks}")),
    },
    "improvement_result": {
        "en": (("Improvement {number} was tested: {verdict}",), ("The planned test of improvement {number} was run: {title}", "Result: {verdict}", "{sentence}")),
        "zh-hans": (("改进项 {number} 已检验：{verdict}",), ("改进项 {number} 已按计划检验：{title}", "结果：{verdict}", "{sentence}")),
        "zh-hant": (("改善項目 {number} 已檢驗：{verdict}",), ("改善項目 {number} 已按計畫檢驗：{title}", "結果：{verdict}", "{sentence}")),
    },
    "audit_due": {
        "en": (("An audit is due on {deadline}: {title}",), ("The audit “{title}” is due again on {deadline}.",)),
        "zh-hans": (("审计将于 {deadline} 到期：{title}",), ("审计“{title}”将于 {deadline} 再次到期。",)),
        "zh-hant": (("稽核將於 {deadline} 到期：{title}",), ("稽核「{title}」將於 {deadline} 再次到期。",)),
    },
}  # fmt: skip
