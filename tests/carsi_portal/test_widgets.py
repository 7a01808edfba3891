from django import forms


class Form(forms.Form):
    place = forms.ChoiceField(
        choices=[("", "Any"), ("Towns", [("<1>", 'A & "B"')]), (2, "Two")], widget=forms.Select(attrs={"class": "wide"})
    )


def test_a_select_is_as_django_writes_it_with_all_text_escaped() -> None:
    ours = str(Form(data={"place": "2"})["place"])
    django = Form(data={"place": "2"}, renderer=forms.renderers.DjangoTemplates())["place"].as_widget()

    assert 'value="&lt;1&gt;">A &amp; &quot;B&quot;</option>' in ours
    assert ours.replace("\n", "").replace("  ", "") == django.replace("\n", "").replace("  ", "")
