from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('reporting', '0002_compared_at'),
    ]

    operations = [
        migrations.AddField(
            model_name='report',
            name='chain_head',
            field=models.CharField(
                blank=True, default='', help_text='the chain of decisions when it was signed', max_length=90,
            ),
            preserve_default=False,
        ),
    ]
